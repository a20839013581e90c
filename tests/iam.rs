//! The roles of a set: what IAM takes them for, what a shell does with the commands, what the cluster
//! takes the objects for, and what a person is told.

use crate::support;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use crate::support::bundle::read;
use crate::support::config::{self, Order};
use crate::support::run::{Ended, run};
use crate::support::{Bundle, crd, strategy};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// The forms, and what a golden of each is called.
const FORMS: [&str; 4] = ["trust", "policy", "commands", "ack"];
const GUIDE: &str = include_str!("iam/sets/guide.yaml");
const BOTH_WAYS: &str = include_str!("iam/sets/both-ways.yaml");

/// What mcpset uses of IAM's grammar.
static GRAMMAR: LazyLock<Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!("iam/grammar.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

fn iam(form: &str, config: &str) -> Ended {
    run(
        support::mcpset().args(["iam", "-", "--as", form]),
        config.as_bytes(),
    )
}

fn violations(document: &Value) -> Vec<String> {
    let errors = GRAMMAR.iter_errors(document);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// The documents in `text`: one, or several by their roles' names.
fn documents(text: &str) -> Vec<Value> {
    let value: Value = serde_json::from_str(text).unwrap();
    match value.get("Version") {
        Some(_) => vec![value],
        None => value.as_object().unwrap().values().cloned().collect(),
    }
}

fn golden(group: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../golden/{group}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.remove_snapshot_suffix();
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_form_of_every_set_is_as_reviewed() {
    insta::glob!("iam/sets/*.yaml", |path| {
        let config = std::fs::read_to_string(path).unwrap();
        for form in FORMS {
            let ended = iam(form, &config);
            if form == "policy" && ended.status == Some(1) {
                assert!(
                    ended
                        .refused()
                        .contains("no server says what its role allows")
                );
                continue;
            }
            golden("iam", &format!("{}-{form}", stem(path)), &ended.done());
        }
    });
}

/// Runs `--as commands`, which needs the most, on the file at `path`; but only a document for others
/// to use can be too large for a managed policy.
fn commands_of(path: &Path, group: &str) -> Ended {
    let file = format!("tests/iam/{group}/{}.yaml", stem(path));
    let form = if stem(path).starts_with("managed") {
        "policy"
    } else {
        "commands"
    };
    run(support::mcpset().args(["iam", &file, "--as", form]), b"")
}

#[test]
fn what_only_roles_need_is_asked_for_only_then() {
    insta::glob!("iam/refused/*.yaml", |path| {
        let said = commands_of(path, "refused").refused();
        let told = said.matches("error[").count() + said.matches("warning[").count();
        assert_eq!(told, said.matches("= help: ").count(), "{said}");
        assert!(said.contains(&format!(" --> tests/iam/refused/{}", stem(path))));
        golden("iam/refused", &stem(path), &said);
        let rendered = run(support::mcpset().arg("render").arg(path), b"");
        assert_eq!(rendered.status, Some(0), "{}", rendered.stderr);
    });
}

#[test]
fn every_warning_is_told_as_reviewed_and_stops_nothing() {
    insta::glob!("iam/warnings/*.yaml", |path| {
        let ended = commands_of(path, "warnings");
        assert_eq!(ended.status, Some(0), "{}", ended.stderr);
        assert!(!ended.stdout.is_empty());
        assert!(ended.stderr.starts_with("warning["), "{}", ended.stderr);
        golden("iam/warnings", &stem(path), &ended.stderr);
        let rendered = run(support::mcpset().arg("render").arg(path), b"");
        assert_eq!(rendered.stderr, "", "a bundle has no part in it");
    });
}

#[test]
fn the_guides_role_is_what_the_guide_says() {
    let trust = documents(&iam("trust", GUIDE).done()).remove(0);
    let issuer = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
    assert_eq!(
        trust,
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": {"Federated": format!("arn:aws:iam::123456789012:oidc-provider/{issuer}")},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {
                    format!("{issuer}:aud"): "sts.amazonaws.com",
                    format!("{issuer}:sub"): "system:serviceaccount:litellm:mcp-s3-sa",
                }},
            }],
        })
    );
    let policy = documents(&iam("policy", GUIDE).done()).remove(0);
    assert_eq!(
        policy["Statement"],
        json!([{
            "Sid": "S3ReadOnly",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": ["arn:aws:s3:::company-docs/*", "arn:aws:s3:::company-docs"],
        }])
    );
}

#[test]
fn an_issuer_with_its_scheme_is_the_same_issuer() {
    let without = GUIDE.replace("https://", "");
    assert_ne!(without, GUIDE);
    assert_eq!(iam("trust", &without).done(), iam("trust", GUIDE).done());
}

#[test]
fn the_grammar_knows_what_iam_refuses() {
    let good = documents(&iam("policy", BOTH_WAYS).done()).remove(0);
    assert_eq!(violations(&good), [""; 0]);
    for (pointer, value) in [
        ("/Version", json!("2012")),
        ("/Statement", json!([])),
        ("/Statement/0/Sid", json!("a-b")),
        ("/Statement/0/Action", json!(["SendMessage"])),
        ("/Statement/0/Action", json!([])),
        ("/Statement/0/Resource", json!("queue")),
        (
            "/Statement/0/Principal",
            json!({"Service": "pods.eks.amazonaws.com"}),
        ),
        ("/Statement/0/Condition/Equals", json!({"aws:TagKeys": "a"})),
        (
            "/Statement/0/Condition/StringEquals",
            json!({"TagKeys": "a"}),
        ),
        (
            "/Statement/0/Condition/StringEquals",
            json!({"aws:TagKeys": []}),
        ),
        (
            "/Statement/0/Condition/StringEquals",
            json!({"aws:TagKeys": "\u{100}"}),
        ),
    ] {
        let mut bad = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = bad.pointer_mut(parent).unwrap();
        parent.as_object_mut().unwrap().insert(key.into(), value);
        assert_ne!(violations(&bad), [""; 0], "{pointer}");
    }
}

#[test]
fn documents_of_all_sets_keep_iams_grammar() {
    let mut checked = 0;
    for config in [GUIDE, BOTH_WAYS, support::EVERYTHING] {
        for form in ["trust", "policy"] {
            for document in documents(&iam(form, config).done()) {
                assert_eq!(violations(&document), [""; 0], "{document}");
                checked += 1;
            }
        }
    }
    assert!(checked >= 8, "{checked}");
}

#[test]
fn one_of_several_sets_is_chosen_by_name() {
    let other = GUIDE.replace("{name: mcp,", "{name: other,");
    let two = format!("{GUIDE}---\n{}", other.replace("litellm}", "elsewhere}"));
    let ended = iam("trust", &two);
    assert_eq!(ended.status, Some(2));
    assert!(
        ended.stderr.contains("a file of roles is about one set"),
        "{}",
        ended.stderr
    );
    let mut command = support::mcpset();
    command.args(["iam", "-", "--as", "trust", "--set", "elsewhere/other"]);
    let trust = run(&mut command, two.as_bytes()).done();
    assert!(
        trust.contains("system:serviceaccount:elsewhere:mcp-s3-sa"),
        "{trust}"
    );
}

#[test]
fn acks_definitions_admit_every_object() {
    let mut kinds = BTreeSet::new();
    for config in [GUIDE, BOTH_WAYS, support::EVERYTHING] {
        for object in read(&iam("ack", config).done()) {
            let definition = crd::definition(&object).unwrap();
            assert_eq!(definition.violations(&object), [""; 0]);
            for document in embedded(&object) {
                assert_eq!(violations(&document), [""; 0]);
            }
            let mut broken = object.clone();
            broken["spec"]["roleARNs"] = json!([]);
            assert_ne!(definition.violations(&broken), [""; 0]);
            kinds.insert(definition.kind.clone());
        }
    }
    assert_eq!(
        kinds,
        ["PodIdentityAssociation", "Role"].map(String::from).into()
    );
}

/// The policy documents in an object of ACK.
fn embedded(object: &Value) -> Vec<Value> {
    let spec = &object["spec"];
    let inline = spec["inlinePolicies"].as_object();
    let texts = inline.into_iter().flat_map(|policies| policies.values());
    let texts = texts.chain(spec.get("assumeRolePolicyDocument"));
    texts
        .map(|text| serde_json::from_str(text.as_str().unwrap()).unwrap())
        .collect()
}

/// An `aws` that writes its arguments, each ended by NUL, to file descriptor 3, and answers as the
/// variables TAG and EXISTS say. Where they say nothing, the account is empty.
const AWS: &str = r#"aws() {
  printf '%s\0' "$@" >&3; printf '\n\0' >&3
  case $2 in
    create-*) [ -z "${EXISTS:-}" ] ;;
    get-role-policy) [ -n "${EXISTS:-}" ] ;;
    list-role-tags) echo "$TAG" ;;
    get-role) echo arn:aws:iam::123456789012:role/it ;;
    list-pod-identity-associations) echo a-12 ;;
  esac
}
exec 3>&1 >/dev/null; . "$0""#;

/// What the script did: whether it went well, and the words that AWS got, by command.
fn carried_out(script: &str, account: &[(&str, &str)]) -> (bool, Vec<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script.sh");
    std::fs::write(&file, script).unwrap();
    for shell in ["bash", "sh"] {
        let checked = Command::new(shell).arg("-n").arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr).into_owned();
        assert!(
            checked.status.success() && said.is_empty(),
            "{said}\n{script}"
        );
    }
    let ran = Command::new("sh")
        .args(["-c", AWS])
        .arg(&file)
        .env_clear()
        .envs(account.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    let mut commands = vec![Vec::new()];
    for word in text.split_terminator('\0') {
        match word {
            "\n" => commands.push(Vec::new()),
            word => commands.last_mut().unwrap().push(word.to_owned()),
        }
    }
    commands.pop();
    (ran.status.success(), commands)
}

/// The words that AWS gets of the script, by command, where the account is empty.
fn words(script: &str) -> Vec<Vec<String>> {
    let (went_well, commands) = carried_out(script, &[]);
    assert!(went_well, "{script}");
    commands
}

fn option<'w>(command: &'w [String], name: &str) -> Option<&'w str> {
    let mut words = command.iter();
    while let Some(word) = words.next() {
        if word == name {
            return words.next().map(String::as_str);
        }
        let value = word
            .strip_prefix(name)
            .and_then(|word| word.strip_prefix('='));
        if value.is_some() {
            return value;
        }
    }
    None
}

/// Holds the commands of `config` against its documents.
fn assert_commands_hand_over_the_documents(config: &str) -> usize {
    let ended = iam("commands", config);
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    let commands = words(&ended.stdout);
    for (form, verb, name) in [
        ("trust", "create-role", "--assume-role-policy-document"),
        ("policy", "put-role-policy", "--policy-document"),
    ] {
        let given: Vec<Value> = commands
            .iter()
            .filter(|command| command[1] == verb)
            .map(|command| serde_json::from_str(option(command, name).unwrap()).unwrap())
            .collect();
        let printed = iam(form, config);
        if printed.status == Some(0) {
            assert_eq!(given, documents(&printed.stdout));
        } else {
            assert_eq!(given.len(), 0, "{}", printed.stderr);
        }
    }
    commands.len()
}

#[test]
fn the_commands_come_in_the_guides_order_and_say_what_the_documents_say() {
    for config in [GUIDE, BOTH_WAYS, support::EVERYTHING] {
        assert!(assert_commands_hand_over_the_documents(config) > 1);
    }
    let commands = words(&iam("commands", BOTH_WAYS).done());
    let verbs: Vec<&str> = commands.iter().map(|command| command[1].as_str()).collect();
    let order = [
        "create-role",
        "get-role-policy",
        "create-role",
        "put-role-policy",
        "get-role",
        "create-pod-identity-association",
    ];
    assert_eq!(verbs, order);
    assert_eq!(option(&commands[0], "--path"), Some("/mcp/"));
    assert_eq!(option(&commands[0], "--role-name"), Some("Team_S3,reader"));
    let role = "arn:aws:iam::123456789012:role/it";
    assert_eq!(option(&commands[5], "--role-arn"), Some(role));
}

#[test]
fn pod_identity_opens_its_agent_and_annotates_nothing() {
    let set = GUIDE.replace(
        "aws:\n      roleArn",
        "aws:\n      podIdentity: true\n      #",
    );
    let bundle = Bundle::of(&set).unwrap_or_else(|_| panic!("{set}"));
    for account in bundle.of_kind("ServiceAccount") {
        assert_eq!(account["metadata"]["annotations"], Value::Null);
    }
    let policy = bundle.of_kind("NetworkPolicy");
    let policy = policy
        .iter()
        .find(|policy| policy["metadata"]["name"] == "mcp-s3");
    let egress = policy.unwrap()["spec"]["egress"].to_string();
    for agent in ["169.254.170.23/32", "fd00:ec2::23/128"] {
        assert!(egress.contains(agent), "{egress}");
    }
    let irsa = Bundle::of(GUIDE).unwrap().text;
    assert!(irsa.contains("eks.amazonaws.com/role-arn") && !irsa.contains("169.254.170.23"));
}

#[test]
fn a_second_run_updates_what_mcpset_made_and_nothing_else() {
    let script = iam("commands", BOTH_WAYS).done();
    let verbs = |commands: Vec<Vec<String>>| -> Vec<String> {
        let verbs = commands.into_iter().map(|mut command| command.remove(1));
        verbs.collect()
    };
    let (went_well, again) = carried_out(
        &script,
        &[("EXISTS", "1"), ("TAG", "production/litellm/mcp")],
    );
    let verb = "update-pod-identity-association";
    let associate = again.iter().find(|command| command[1] == verb).unwrap();
    assert_eq!(option(associate, "--association-id"), Some("a-12"));
    let updated = ["create-role", "list-role-tags", "update-assume-role-policy"];
    let associated = [
        "put-role-policy",
        "get-role",
        "create-pod-identity-association",
        "list-pod-identity-associations",
        verb,
    ];
    // The other has no policy any more.
    let deleted = ["get-role-policy", "delete-role-policy"];
    let expected = [&updated[..], &deleted, &updated, &associated].concat();
    assert!(went_well);
    assert_eq!(verbs(again), expected);

    let (went_well, commands) =
        carried_out(&script, &[("EXISTS", "1"), ("TAG", "staging/litellm/mcp")]);
    assert!(!went_well);
    assert_eq!(verbs(commands), ["create-role", "list-role-tags"]);
}

/// A set with one server whose condition and resource hold `text`.
fn set_with(text: &str, role: &str) -> Value {
    let mut set = read(GUIDE).remove(0);
    let aws = &mut set["spec"]["servers"][0]["aws"];
    aws["roleArn"] = json!(format!("arn:aws:iam::123456789012:role/{role}"));
    let statement = &mut aws["policy"][0];
    statement["conditions"] = json!({"StringEquals": {"aws:PrincipalTag/team": text}});
    statement["resources"] = json!([format!("arn:aws:s3:::{text}x")]);
    set
}

fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        prop::sample::select(vec![
            "'", "''", "\"", "\\", "\\'", "$(id)", "`id`", "${HOME}", "$HOME", ";", "&&", "|",
            ">x", "<<E", "#", "!", "~", "*", "?", "[a]", "{a,b}", " ", "-", "--", "=", "%s", "EOF",
            "'\\''",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,6}",
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    // Each case is a handful of processes.
    #![proptest_config(support::cases(24))]

    #[test]
    fn no_text_breaks_out_of_its_word(text in hostile(), role in "[A-Za-z0-9_+=,.@-]{1,12}") {
        let config = config::yaml(&set_with(&text, &role), Order::Sorted);
        let printed = iam("policy", &config);
        prop_assert_eq!(printed.status, Some(0), "{}", printed.stderr);
        let document = documents(&printed.stdout).remove(0);
        prop_assert_eq!(violations(&document), [""; 0]);
        let condition = &document["Statement"][0]["Condition"]["StringEquals"];
        prop_assert_eq!(&condition["aws:PrincipalTag/team"], &json!(text));
        prop_assert_eq!(assert_commands_hand_over_the_documents(&config), 2);
        let commands = words(&iam("commands", &config).stdout);
        let dashed = format!("--role-name={role}");
        let named = option(&commands[0], "--role-name") == Some(role.as_str());
        prop_assert!(named || commands[0].contains(&dashed), "{commands:?}");
    }

    #[test]
    fn roles_of_accepted_configs_are_right_in_every_form(mut config in strategy::config()) {
        let aws = &mut config["spec"]["platform"]["aws"];
        *aws = json!({
            "accountId": "123456789012",
            "region": "us-east-1",
            "oidcIssuer": "oidc.example.com/id/A",
            "clusterName": "production",
        });
        let config = config::yaml(&config, Order::Sorted);
        let trust = iam("trust", &config);
        if trust.status == Some(0) {
            for document in documents(&trust.stdout) {
                prop_assert_eq!(violations(&document), [""; 0]);
            }
            assert_commands_hand_over_the_documents(&config);
            for object in read(&iam("ack", &config).stdout) {
                prop_assert_eq!(crd::definition(&object).unwrap().violations(&object), [""; 0]);
            }
        }
    }
}

#[test]
fn many_generated_configs_have_roles() {
    use proptest::strategy::ValueTree as _;
    let mut runner = TestRunner::deterministic();
    let with_roles = (0..40).filter(|_| {
        let mut config = strategy::config().new_tree(&mut runner).unwrap().current();
        config["spec"]["platform"]["aws"] = json!({
            "accountId": "123456789012",
            "oidcIssuer": "oidc.example.com/id/A",
        });
        iam("trust", &config::yaml(&config, Order::Sorted)).status == Some(0)
    });
    let number = with_roles.count();
    assert!(number >= 15, "{number} of 40");
}
