//! What the flags left open, asked on a terminal.
//!
//! Each answer is tried at once in a set of its own, by the rules and in the words of the config, so that
//! nobody answers five questions to learn that the first one was answered wrongly.

use std::io::BufRead;

use super::trial;
use crate::cli::End;
use crate::init::{Known, Server, Wanted};
use crate::model::RegistryPrefix;
use crate::profiles::{PROFILES, Profile};

/// Names that are right, as long as nobody has said better ones.
const NAME: &str = "mcp";
const NAMESPACE: &str = "litellm";
const REGISTRY: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

/// What the flags said.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The set's name.
    pub name: Option<String>,
    /// Its namespace.
    pub namespace: Option<String>,
    /// The registry.
    pub registry: Option<String>,
    /// The servers.
    pub servers: Vec<Server>,
}

impl Given {
    /// What is wanted, if it can be known without asking.
    pub fn complete(&self) -> Option<Wanted> {
        let is_complete = self.registry.is_some() && !self.servers.is_empty();
        is_complete.then(|| self.assumed())
    }

    /// What is wanted, with a usual answer to everything that is open.
    fn assumed(&self) -> Wanted {
        let or = |given: &Option<String>, usual: &str| given.clone().unwrap_or(usual.to_owned());
        let registry = or(&self.registry, REGISTRY);
        let mut servers = self.servers.clone();
        if servers.is_empty() {
            servers.push(own("server", &format!("{registry}/server:1.0.0")));
        }
        Wanted {
            name: or(&self.name, NAME),
            namespace: or(&self.namespace, NAMESPACE),
            registry,
            servers,
        }
    }

    /// This, with `server` in addition.
    fn with(&self, server: Server) -> Self {
        let mut more = self.clone();
        more.servers.push(server);
        more
    }
}

fn own(name: &str, image: &str) -> Server {
    Server {
        name: name.to_owned(),
        image: image.to_owned(),
        profile: None,
    }
}

/// A person at a terminal.
pub struct Person<'p> {
    /// What the person writes.
    pub input: &'p mut dyn BufRead,
    /// Shows the person a text.
    pub say: &'p mut dyn FnMut(&str),
}

impl Person<'_> {
    /// Asks for everything that `given` leaves open.
    pub fn complete(&mut self, mut given: Given) -> Result<Wanted, End> {
        (self.say)("Enter takes what stands in brackets; Ctrl-C ends, and writes nothing.\n\n");
        if given.name.is_none() {
            let changed = |name: &str| Given {
                name: Some(name.to_owned()),
                ..given.clone()
            };
            given = self.until_right("Name of the set", Some(NAME), changed)?;
        }
        if given.namespace.is_none() {
            let changed = |namespace: &str| Given {
                namespace: Some(namespace.to_owned()),
                ..given.clone()
            };
            let question = "Namespace in which the servers run";
            given = self.until_right(question, Some(NAMESPACE), changed)?;
        }
        if given.registry.is_none() {
            given = self.registry(&given)?;
        }
        if given.servers.is_empty() {
            while let Some(server) = self.server(&given)? {
                given = given.with(server);
            }
        }
        Ok(given.assumed())
    }

    fn registry(&mut self, given: &Given) -> Result<Given, End> {
        let question = format!("Registry that images come from, such as {REGISTRY}");
        loop {
            let answer = self.answer(&question, None)?;
            let changed = Given {
                registry: Some(answer.clone()),
                ..given.clone()
            };
            // What is no registry is told of the registry alone, and not of an image in it.
            let refusal = match RegistryPrefix::parse(&answer) {
                Ok(_) => trial::refusal(&changed.assumed()),
                Err(invalid) => Some(invalid.to_string()),
            };
            match refusal {
                None => return Ok(changed),
                Some(refusal) => self.refuse(&refusal),
            }
        }
    }

    /// One more server; nothing when the person has no more.
    fn server(&mut self, given: &Given) -> Result<Option<Server>, End> {
        loop {
            let name = if given.servers.is_empty() {
                let names: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
                (self.say)(&format!("These are known: {}.\n", names.join(", ")));
                self.answer("Name of a server, your own or one of these", None)?
            } else {
                self.answer("Name of another server", Some(""))?
            };
            if name.is_empty() {
                return Ok(None);
            }
            let trial = own(&name, &format!("{}/server:1.0.0", given.assumed().registry));
            if let Some(refusal) = trial::refusal(&given.with(trial).assumed()) {
                self.refuse(&refusal);
                continue;
            }
            let profile = self.profile(&name)?;
            return self.image(given, &name, profile).map(Some);
        }
    }

    /// The profile called `name`, if that is what the person means.
    fn profile(&mut self, name: &str) -> Result<Option<&'static Profile>, End> {
        let Some(profile) = Profile::find(name) else {
            return Ok(None);
        };
        let question = format!("Is it the one that is known: {}", Known::of(profile).title);
        loop {
            match self.answer(&question, Some("yes"))?.as_str() {
                "yes" | "y" => return Ok(Some(profile)),
                "no" | "n" => return Ok(None),
                _ => self.refuse("answer `yes` or `no`"),
            }
        }
    }

    fn image(
        &mut self,
        given: &Given,
        name: &str,
        profile: Option<&'static Profile>,
    ) -> Result<Server, End> {
        let copy = profile.map(|profile| Known::of(profile).copy());
        let question = match copy {
            Some(_) => "Its image in the registry".to_owned(),
            None => format!("Its image and tag in the registry, such as mcp-{name}:1.0.0"),
        };
        loop {
            let server = Server {
                name: name.to_owned(),
                image: self.answer(&question, copy.as_deref())?,
                profile,
            };
            match trial::refusal(&given.with(server.clone()).assumed()) {
                None => return Ok(server),
                Some(refusal) => self.refuse(&refusal),
            }
        }
    }

    /// Asks until what `changed` makes of the answer is a set.
    fn until_right(
        &mut self,
        question: &str,
        default: Option<&str>,
        changed: impl Fn(&str) -> Given,
    ) -> Result<Given, End> {
        loop {
            let given = changed(&self.answer(question, default)?);
            match trial::refusal(&given.assumed()) {
                None => return Ok(given),
                Some(refusal) => self.refuse(&refusal),
            }
        }
    }

    /// What the person answers, or `default` for an empty line.
    fn answer(&mut self, question: &str, default: Option<&str>) -> Result<String, End> {
        let brackets = match default {
            None => String::new(),
            Some("") => " [none]".to_owned(),
            Some(default) => format!(" [{default}]"),
        };
        loop {
            (self.say)(&format!("{question}{brackets}: "));
            let mut line = Vec::new();
            let length = self.input.read_until(b'\n', &mut line);
            if !matches!(length, Ok(1..)) {
                (self.say)("\n");
                let message = "the questions were not answered to the end; nothing was written";
                return Err(End::Usage(message.to_owned()));
            }
            // What is no text becomes a character that no answer may hold.
            let answer = String::from_utf8_lossy(&line);
            match (answer.trim(), default) {
                ("", Some(default)) => return Ok(default.to_owned()),
                ("", None) => self.refuse("this must be known"),
                (answer, _) => return Ok(answer.to_owned()),
            }
        }
    }

    fn refuse(&mut self, refusal: &str) {
        (self.say)(&format!("  {refusal}\n"));
    }
}
