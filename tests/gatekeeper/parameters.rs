//! Constraints that the schema of their kind refuses.

use mcpset::problem::Severity;

use super::findings;
use super::gator::refusal;

const OBJECT: &str = "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: a}}\n";

const STRUCTURAL: &str = "
        openAPIV3Schema:
          type: object
          required: [repos]
          properties:
            repos: {type: array, minItems: 1, items: {type: string, minLength: 2}}
            number: {type: integer, minimum: 2, maximum: 6, multipleOf: 2}
            above: {type: number, exclusiveMinimum: true, minimum: 2}
            word: {type: string, enum: [ab, cd], maxLength: 2, pattern: '^[a-d]+$'}
            nullable: {type: string, nullable: true}
            filled: {type: array, default: [x], items: {type: string}}
            inner: {type: object, required: [z], properties: {z: {type: string}}}
            labels: {type: object, maxProperties: 1, additionalProperties: {type: string}}
            open: {type: object, x-kubernetes-preserve-unknown-fields: true}
            port: {x-kubernetes-int-or-string: true}
            flag: {type: boolean}
            either: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}
            letter: {type: string, anyOf: [{pattern: '^a'}, {pattern: '^b'}], not: {pattern: 'c$'}}
";
const LEGACY: &str = "
        legacySchema: true
        openAPIV3Schema:
          properties:
            repos: {type: array, items: {type: string}}
            inner: {properties: {z: {type: string}}}
";
const WITHOUT: &str = " {legacySchema: false}\n";
const ANYTHING: &str = " {legacySchema: true}\n";

/// A template with `schema` and a constraint of its kind with `spec`.
fn policies(schema: &str, spec: &str) -> String {
    format!(
        "apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {{name: asked}}
spec:
  crd:
    spec:
      names: {{kind: Asked}}
      validation:{schema}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package asked
      violation[{{\"msg\": \"judged\"}}] {{ input.review.kind.kind == \"Service\" }}
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Asked
metadata: {{name: all}}
spec:
  {spec}
"
    )
}

/// Constraints, and what is said of each; nothing of those that are taken.
const CASES: &[(&str, &str, &[&str])] = &[
    (STRUCTURAL, "parameters: {repos: [ab]}", &[]),
    (STRUCTURAL, "match: {}", &[]),
    (
        STRUCTURAL,
        "parameters: {}",
        &["`spec.parameters` lacks `repos`, which is required"],
    ),
    (
        STRUCTURAL,
        "parameters: [a]",
        &["`spec.parameters` is a list, where a mapping is asked for"],
    ),
    (
        STRUCTURAL,
        "parameters:",
        &["`spec.parameters` is empty, where a mapping is asked for"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: ab}",
        &["`spec.parameters.repos` is text, where a list is asked for"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [ab, 3, yes]}",
        &[
            "`spec.parameters.repos[1]` is a number, where text is asked for",
            "`spec.parameters.repos[2]` is a boolean, where text is asked for",
        ],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [a]}",
        &["`spec.parameters.repos[0]` has 1 characters, where 2 or more are asked for"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: []}",
        &["`spec.parameters.repos` has 0 items, where 1 or more are asked for"],
    ),
    (
        STRUCTURAL,
        "parameters: {repo: [ab], repos: [ab]}",
        &["its kind has no field `spec.parameters.repo`; did you mean `repos`?"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], number: 2.5}",
        &["`spec.parameters.number` is a number, where a whole number is asked for"],
    ),
    (STRUCTURAL, "parameters: {repos: [ab], number: 4.0}", &[]),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], number: 0}",
        &["`spec.parameters.number` is 0, where 2 or more is asked for"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], number: 8}",
        &["`spec.parameters.number` is 8, where 6 or less is asked for"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], number: 3}",
        &["`spec.parameters.number` is 3, where a multiple of 2 is asked for"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], above: 2}",
        &["`spec.parameters.above` is 2, where more than 2 is asked for"],
    ),
    (STRUCTURAL, "parameters: {repos: [ab], word: cd}", &[]),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], word: bc}",
        &["`spec.parameters.word` is none of \"ab\", \"cd\""],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], word: xyz}",
        &[
            "`spec.parameters.word` has 3 characters, where 2 or fewer are asked for",
            "`spec.parameters.word` is `xyz`, which does not match `^[a-d]+$`",
            "`spec.parameters.word` is none of \"ab\", \"cd\"",
        ],
    ),
    (STRUCTURAL, "parameters: {repos: [ab], nullable: ~}", &[]),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], flag: 'true'}",
        &["`spec.parameters.flag` is text, where true or false is asked for"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], inner: {y: 1, z: a}}",
        &["its kind has no field `spec.parameters.inner.true`"],
    ),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], inner: {}}",
        &["`spec.parameters.inner` lacks `z`, which is required"],
    ),
    (STRUCTURAL, "parameters: {repos: [ab], labels: {a: b}}", &[]),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], labels: {a: b, c: 1}}",
        &[
            "`spec.parameters.labels.c` is a number, where text is asked for",
            "`spec.parameters.labels` has 2 fields, where 1 or fewer are asked for",
        ],
    ),
    (STRUCTURAL, "parameters: {repos: [ab], open: {a: [1]}}", &[]),
    (STRUCTURAL, "parameters: {repos: [ab], port: http}", &[]),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], port: [1]}",
        &["`spec.parameters.port` is a list, where a whole number or text is asked for"],
    ),
    (STRUCTURAL, "parameters: {repos: [ab], either: {a: b}}", &[]),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], either: {}}",
        &["`spec.parameters.either` is not what `oneOf` in its schema asks for"],
    ),
    (STRUCTURAL, "parameters: {repos: [ab], letter: ad}", &[]),
    (
        STRUCTURAL,
        "parameters: {repos: [ab], letter: dc}",
        &[
            "`spec.parameters.letter` is not what `anyOf` in its schema asks for",
            "`spec.parameters.letter` is not what `not` in its schema asks for",
        ],
    ),
    (LEGACY, "parameters: {unknown: 1, inner: {z: a, y: 1}}", &[]),
    (
        LEGACY,
        "parameters: {repos: 1, inner: {z: 3}}",
        &[
            "`spec.parameters.repos` is a number, where a list is asked for",
            "`spec.parameters.inner.z` is a number, where text is asked for",
        ],
    ),
    (ANYTHING, "parameters: {repos: 1}", &[]),
    (
        WITHOUT,
        "parameters: {repos: 1}",
        &["its kind has no field `spec.parameters`"],
    ),
    (
        WITHOUT,
        "parametres: {}",
        &["its kind has no field `spec.parametres`"],
    ),
    (
        ANYTHING,
        "match: {kinds: [{apiGroup: [apps]}]}",
        &["its kind has no field `spec.match.kinds[0].apiGroup`; did you mean `apiGroups`?"],
    ),
    (
        ANYTHING,
        "match: {kinds: {apiGroups: [apps]}}",
        &["`spec.match.kinds` is a mapping, where a list is asked for"],
    ),
    (
        ANYTHING,
        "match: {namespaces: [3, 'a b']}",
        &[
            "`spec.match.namespaces[0]` is a number, where text is asked for",
            "`spec.match.namespaces[1]` is `a b`, which does not match `^\\*?[-:a-z0-9]*\\*?$`",
        ],
    ),
    (
        ANYTHING,
        "match: {labelSelector: {matchLabel: {a: b}}}",
        &[
            "its kind has no field `spec.match.labelSelector.matchLabel`; did you mean `matchLabels`?",
        ],
    ),
    (
        ANYTHING,
        "enforcementAction: 3",
        &["`spec.enforcementAction` is a number, where text is asked for"],
    ),
    (
        ANYTHING,
        "enforcementAction: scoped",
        &["`spec.enforcementAction` is scoped, and `spec.scopedEnforcementActions` is missing"],
    ),
];

#[test]
fn a_constraint_that_its_kind_refuses_is_said_and_judges_nobody() {
    for (schema, spec, expected) in CASES {
        let policies = policies(schema, spec);
        let found = findings(OBJECT, &policies);
        if expected.is_empty() {
            assert_eq!(found.len(), 1, "{spec}: {found:#?}");
            assert_eq!(found[0].message, "Asked all: judged", "{spec}");
            continue;
        }
        let said: Vec<_> = found
            .iter()
            .map(|problem| {
                assert_eq!(problem.code.as_str(), "MCP901");
                assert_eq!(problem.severity, Severity::Error);
                problem.message.replace("Asked all would be refused: ", "")
            })
            .collect();
        assert_eq!(said, *expected, "{spec}");
    }
}

#[test]
fn a_mistake_is_said_at_its_own_place() {
    let policies = policies(STRUCTURAL, "parameters: {repos: [ab, 3], repo: 1}");
    let found = findings(OBJECT, &policies);
    let words: Vec<_> = found
        .iter()
        .map(|problem| {
            let place = problem.place.unwrap();
            policies.get(place.start as usize..place.end as usize)
        })
        .collect();
    assert_eq!(words, [Some("3"), Some("repo")]);
}

/// gator looks before the defaults are there; a cluster does not.
#[test]
fn a_required_parameter_with_a_default_may_be_left_out() {
    let schema = " {openAPIV3Schema: {type: object, required: [a], properties: {a: {type: string, default: b}}}}\n";
    let found = findings(OBJECT, &policies(schema, "parameters: {}"));
    assert_eq!(found[0].message, "Asked all: judged");
}

#[test]
#[ignore = "needs the real gator: run ./test --all"]
fn gator_refuses_the_same_constraints() {
    for (schema, spec, expected) in CASES {
        let refusal = refusal(&format!("{OBJECT}---\n{}", policies(schema, spec)));
        assert_eq!(
            refusal.is_some(),
            !expected.is_empty(),
            "{spec}: {refusal:?}"
        );
        if let Some(refusal) = refusal {
            assert!(refusal.contains("adding constraint"), "{refusal}");
        }
    }
    let refused = CASES.iter().filter(|(_, _, said)| !said.is_empty()).count();
    println!("{refused} of {} constraints refused by both", CASES.len());
}
