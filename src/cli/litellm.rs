//! `mcpset litellm`: what the LiteLLM proxy must know of a set.

use std::io;

use super::chosen::Chosen;
use super::{End, print};
use crate::companions::grants::{grant_script, grants};
use crate::documents::litellm;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// What to print
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Form,
    /// With `--as grants`: print a script that posts them instead of JSON
    #[arg(long)]
    curl: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Values of the Helm chart that `platform.litellm.chart` names
    Values,
    /// The keys of LiteLLM's own config.yaml
    Config,
    /// A team for each access group, as `/team/new` takes it
    Grants,
}

/// Writes what `args` ask for.
pub fn run(args: &Args) -> Result<(), End> {
    if args.curl && args.form != Form::Grants {
        return Err(End::Usage("--curl goes with --as grants".into()));
    }
    let set = args.chosen.read("a registration")?;
    let text = match args.form {
        Form::Values => litellm::values(&set),
        Form::Config => litellm::config(&set),
        Form::Grants if args.curl => grant_script(&grants(&set)),
        Form::Grants => {
            let json = serde_json::to_string_pretty(&grants(&set));
            json.map_err(io::Error::other)? + "\n"
        }
    };
    print(text.as_bytes())
}
