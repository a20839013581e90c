//! Random strings through the readers that count: what the YAML writer wrote of them, the real kubectl and
//! the real kustomize read as it was.
//!
//! `./test` runs a hundred thousand; `MCPSET_STRINGS=1000000` says how many, and `MCPSET_SEED=7` which.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use crate::go_readers::{
    Objects, annotated, config_map, custom, is_refused, is_refused_annotation, is_refused_key,
    kubectl, kustomize, scratch, stream, tricky_strings,
};
use serde_json::{Value, json};

/// How many strings a run of the tests reads.
const STRINGS: usize = 100_000;
/// How many of them stand in one stream.
const BATCH: usize = 4_000;

/// Numbers without an end, the same in each run (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap() % limit
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn character(&mut self, of: &str) -> char {
        let of: Vec<char> = of.chars().collect();
        of[self.below(of.len())]
    }

    /// Any character of any plane.
    fn any(&mut self) -> char {
        let limit = self.one(&[&0x80_usize, &0x800, &0x1_0000, &0x11_0000]);
        loop {
            let code = u32::try_from(self.below(*limit)).unwrap();
            if let Some(character) = char::from_u32(code) {
                return character;
            }
        }
    }

    fn text(&mut self, longest: usize, mut character: impl FnMut(&mut Self) -> char) -> String {
        let length = self.below(longest + 1);
        (0..length).map(|_| character(self)).collect()
    }
}

/// What YAML 1.1 or 1.2 takes for something else when it stands alone.
const WORDS: [&str; 24] = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", "-.Inf", ".nan",
    "0x", "0o", "0b", "<<", "=", "---", "...", "NULL", "infinity", "nan", "_",
];
/// What has a meaning to YAML, and what a line may begin or end with.
const SIGNS: &str = "-?:,[]{}#&*!|>'\"%@`~=<\\ \t\n";
const BLANKS: &str = " \t\n\r\u{a0}\u{2028}\u{2029}\u{feff}\u{85}\u{b}\u{c}\u{1680}\u{3000}";

/// A string of one of many kinds.
fn string(random: &mut Random, tricky: &[String]) -> String {
    match random.below(12) {
        0 => random.text(40, Random::any),
        1 => random.text(12, |random| random.character(BLANKS)),
        2 => random.text(20, |random| random.character(SIGNS)),
        3 => random.text(24, |random| match random.below(3) {
            0 => random.character(SIGNS),
            1 => random.character(BLANKS),
            _ => random.any(),
        }),
        4 => random.text(12, |random| random.character("0123456789+-._eExXoObB:aAfF")),
        5 => date(random),
        6 => word(random),
        7 => lines(random),
        8 => {
            let mut text: Vec<char> = tricky[random.below(tricky.len())].chars().collect();
            let (at, character) = (random.below(text.len() + 1), random.any());
            text.insert(at, character);
            text.into_iter().take(2_000).collect()
        }
        9 => {
            let parts = (0..=random.below(3)).map(|_| tricky[random.below(tricky.len())].as_str());
            let text: String = parts.collect();
            text.chars().take(2_000).collect()
        }
        10 => random.text(24, |random| {
            char::from(b' ' + u8::try_from(random.below(95)).unwrap())
        }),
        _ if random.below(50) == 0 => random.text(3_000, Random::any),
        _ => random.text(90, |random| random.character("abc  \t#:'\"\\-")),
    }
}

fn date(random: &mut Random) -> String {
    let mut text = format!(
        "20{:02}-{}-{:02}",
        random.below(100),
        1 + random.below(12),
        1 + random.below(30)
    );
    if random.below(2) == 0 {
        let zone = random.one(&["", "Z", " Z", "+01:00", "-5", ".5Z", ".000"]);
        let (hour, minute) = (random.below(26), random.below(60));
        text += random.one(&["T", "t", " ", "\t"]);
        let second = random.below(61);
        write!(text, "{hour:02}:{minute:02}:{second:02}{zone}").unwrap();
    }
    text
}

/// One of the words, in any case, perhaps with something at its ends.
fn word(random: &mut Random) -> String {
    let word = random.one(&WORDS).chars();
    let mut text: String = word
        .map(|c| {
            if random.below(2) == 0 {
                c.to_ascii_uppercase()
            } else {
                c
            }
        })
        .collect();
    if random.below(3) == 0 {
        text.insert(0, random.character(" \t+-!&*'\"0"));
    }
    if random.below(3) == 0 {
        text.push(random.character(" \t\n:0123456789"));
    }
    text
}

/// Some lines with blanks and signs where they matter.
fn lines(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(5) {
        text += random.one(&[
            "", "", " ", "  ", "\t", "- ", "# ", "--- ", "...", ": ", "? ",
        ]);
        text += &random.text(12, |random| random.character("ab:#'\"\\\t "));
        text += random.one(&["", " ", "\t", ":", " #"]);
        text += random.one(&["\n", "\n", "\n", "\n\n", "\r\n", "\r"]);
    }
    if random.below(2) == 0 {
        text.pop();
    }
    text
}

/// The texts wherever a bundle has texts: as values, as annotations, as items of a list, as keys.
fn objects(texts: &[String]) -> Objects {
    let numbered = texts.iter().enumerate();
    let values: Vec<_> = numbered
        .map(|(number, text)| (format!("text-{number}"), text.as_str()))
        .collect();
    let mut annotations = values.clone();
    annotations.retain(|(_, text)| !is_refused_annotation(text));
    let annotations: serde_json::Map<_, _> = annotations
        .into_iter()
        .map(|(key, text)| (key, text.into()))
        .collect();
    let keys: BTreeSet<&String> = texts.iter().filter(|text| !is_refused_key(text)).collect();
    let pairs: Vec<Value> = keys.iter().map(|key| json!({*key: {"is": key}})).collect();
    let all = [
        annotated("annotations", annotations),
        config_map("values", values),
        config_map("keys", keys.into_iter().map(|key| (key.clone(), "value"))),
        custom("nested", json!({"items": texts, "pairs": pairs})),
    ];
    let named = |object: Value| {
        (
            object["metadata"]["name"].as_str().unwrap().to_owned(),
            object,
        )
    };
    all.into_iter().map(named).collect()
}

/// The first texts that `read` does not hold as they were, quoted.
fn altered(read: &Result<Objects, String>, written: &Objects) -> Vec<String> {
    let read = match read {
        Ok(read) => read,
        Err(said) => return vec![said.lines().last().unwrap_or_default().to_owned()],
    };
    let mut altered = Vec::new();
    for (name, object) in written {
        if read.get(name) == Some(object) {
            continue;
        }
        let empty = serde_json::Map::new();
        let data = |object: &Value| {
            let annotations = object["metadata"]["annotations"].as_object();
            let texts = object["data"].as_object().or(annotations);
            texts.unwrap_or(&empty).clone()
        };
        let got = read.get(name).map(data).unwrap_or_default();
        let wrong = data(object)
            .into_iter()
            .filter(|(key, text)| got.get(key) != Some(text));
        let shown =
            wrong.map(|(key, text)| format!("{name}: {key:?}: {text:?} is {:?}", got.get(&key)));
        altered.push(format!("{name} is not what was written"));
        altered.extend(shown.take(10));
    }
    altered
}

fn number_of(variable: &str, default: usize) -> usize {
    let said = std::env::var(variable).ok();
    said.map_or(default, |text| {
        text.parse().unwrap_or_else(|_| panic!("{variable}={text}"))
    })
}

/// What a program reads of a stream, where it does.
type Reader = fn(&[u8], &Path) -> Result<Objects, String>;

/// Reads all strings, batch by batch, by `reader`, those that are not `refused`.
fn read_all(folder: &Path, reader: Reader, refused: fn(char) -> bool) {
    let tricky = tricky_strings();
    let mut random = Random(u64::try_from(number_of("MCPSET_SEED", 0)).unwrap() * 2 + 1);
    let mut left = number_of("MCPSET_STRINGS", STRINGS);
    while left > 0 {
        let mut texts = Vec::new();
        while texts.len() < left.min(BATCH) {
            let mut text = string(&mut random, &tricky);
            text.retain(|character| !refused(character));
            texts.push(text);
        }
        left -= texts.len();
        let wrong = misread(&texts, folder, reader);
        assert_eq!(wrong, [""; 0], "{left} are left");
    }
}

/// What is wrong with the fewest of `texts` with which something is.
fn misread(texts: &[String], folder: &Path, reader: Reader) -> Vec<String> {
    let written = objects(texts);
    let read = reader(stream(&written).as_bytes(), folder);
    let mut wrong = altered(&read, &written);
    if !wrong.is_empty() && texts.len() > 1 {
        let (first, second) = texts.split_at(texts.len() / 2);
        let halves = [first, second].map(|half| misread(half, folder, reader));
        let narrowed = halves.concat();
        if !narrowed.is_empty() {
            wrong = narrowed;
        }
    } else if !wrong.is_empty() {
        wrong.push(format!("with {texts:?}"));
    }
    wrong
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
fn kubectl_reads_random_strings_as_they_were() {
    read_all(&scratch("kubectl-random"), kubectl, |_| false);
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
fn kustomize_reads_random_strings_that_a_config_may_hold_as_they_were() {
    read_all(&scratch("kustomize-random"), kustomize, is_refused);
}
