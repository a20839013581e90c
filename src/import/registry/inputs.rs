//! What `server.json` asks for: inputs with a value, a default, choices, and whether they are required
//! or secret.

use crate::credential::name::is_secret_name;
use crate::import::draft::Server;
use crate::import::fields::Fields;
use crate::import::remark::{Kind, Remark, quoted};
use crate::import::values::{Answer, Marks, Question, Values};
use crate::yaml::Node;

/// The answer to an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// This text.
    Text(String),
    /// A credential, of which the source says whether the server needs it.
    Secret {
        /// Whether it does.
        is_required: bool,
    },
    /// None, and none is needed.
    Unset,
    /// None; the problem has been told.
    Missing,
}

/// What the variable `name` asks, as `node` describes it.
pub fn question(name: &str, node: &Node) -> Question {
    let mut fields = Fields::new(node, "");
    let value = fields.text("value").or_else(|| fields.text("default"));
    let choices = fields.texts("choices").into_iter();
    Question {
        name: name.to_owned(),
        default: value.map(str::to_owned),
        is_secret: fields.flag("isSecret") == Some(true) || is_secret_name(name),
        choices: choices.filter_map(Node::text).map(str::to_owned).collect(),
        description: fields.text("description").unwrap_or_default().to_owned(),
    }
}

/// The answer to the input `fields`, which is called `name`.
pub fn input(fields: &mut Fields<'_>, name: &str, values: &mut Values<'_>) -> Input {
    let place = fields.place;
    let is_required = fields.flag("isRequired") == Some(true);
    let said_secret = fields.flag("isSecret") == Some(true);
    let variables = fields.node("variables");
    let fixed = fields.text("value").map(str::to_owned);
    let default = fields.text("default").map(str::to_owned);
    let choices = fields.texts("choices").into_iter();
    let choices: Vec<String> = choices.filter_map(Node::text).map(str::to_owned).collect();
    let description = fields.text("description").unwrap_or_default().to_owned();
    fields.skip(&[
        "format",
        "placeholder",
        "isRepeated",
        "type",
        "name",
        "valueHint",
    ]);
    if let Some(value) = fixed {
        let asked = |name: &str| Some(question(name, variables?.get(name)?));
        return match Marks::REGISTRY.fill(&value, place, values, asked) {
            Answer::Text(text) if said_secret => {
                values.hide(&text);
                values.hidden.extend(default);
                Input::Secret { is_required }
            }
            Answer::Text(text) => Input::Text(text),
            Answer::Secret => Input::Secret { is_required },
            Answer::Missing => Input::Missing,
        };
    }
    let is_secret = said_secret || is_secret_name(name);
    let question = Question {
        name: name.to_owned(),
        default,
        is_secret,
        choices,
        description,
    };
    let is_open = question.default.is_none() && !is_secret;
    if is_open && !is_required && !values.has(name) {
        return Input::Unset;
    }
    match values.answer(&question, place) {
        Answer::Text(text) => Input::Text(text),
        Answer::Secret => Input::Secret { is_required },
        Answer::Missing => Input::Missing,
    }
}

/// Gives `server` the environment variables `items`.
pub fn environment(items: &[Node], server: &mut Server, values: &mut Values<'_>) {
    let mut unset = Vec::new();
    for item in items {
        let mut fields = Fields::new(item, "packages.environmentVariables");
        let Some(name) = fields.text("name") else {
            server
                .lost
                .push("packages.environmentVariables without a name".to_owned());
            continue;
        };
        match input(&mut fields, name, values) {
            Input::Text(value) => server.variable(name, &value, false),
            Input::Secret { is_required } => secret(server, name, is_required),
            Input::Unset => unset.push(quoted(name)),
            Input::Missing => {}
        }
        server.lost.extend(fields.close());
    }
    if !unset.is_empty() {
        let text = format!(
            "the optional {} have no value; give them with --var or under `env`",
            unset.join(", ")
        );
        server.say(Kind::Lost, text);
    }
}

/// A reference to a credential that `server` needs, or may use.
fn secret(server: &mut Server, name: &str, is_required: bool) {
    let text = "optional: remove the line if the store has none";
    server.secret(
        name,
        (!is_required).then(|| Remark::new(Kind::Guessed, text)),
    );
}
