//! What the policies about two ends let pass between them.
//!
//! Whom a rule opens for does not depend on the port. So where many ports are asked, the rules that fit both
//! ends are found once, and only their ports are compared: mostly there are none.

use std::ops::RangeInclusive;

use super::Network;
use super::endpoint::{Endpoint, Member, Protocol};
use super::policy::{ALL_PORTS, Policy, Ports, Rule};
use crate::manifest::{At, Object};

/// What is open between a sender and a receiver.
pub(super) struct Way<'n, 'm, 'e> {
    pub(super) egress: Half<'n, 'm, 'e>,
    pub(super) ingress: Half<'n, 'm, 'e>,
    pub(super) to: &'n Endpoint<'e>,
}

/// What the policies about one of them open for the other.
pub(super) struct Half<'n, 'm, 'e> {
    pub(super) network: &'n Network<'m>,
    /// Whom the policies are about.
    pub(super) one: &'n Endpoint<'e>,
    /// What their rules are for.
    pub(super) other: &'n Endpoint<'e>,
    /// The rules of a policy, if it isolates that way.
    pub(super) direction: fn(&'n Policy<'m>) -> &'n Option<Vec<Rule<'m>>>,
}

/// The rules of one half that are for the other end.
enum Opened<'n, 'm> {
    /// No policy isolates: everything is open.
    All,
    /// What these open.
    By(Vec<&'n Rule<'m>>),
}

/// Whether a sender reaches a receiver: both sides have to allow it.
#[derive(Debug, Clone)]
pub struct Verdict<'m> {
    /// What the policies about the sender say.
    pub egress: Side<'m>,
    /// What the policies about the receiver say.
    pub ingress: Side<'m>,
}

/// What the policies about one side say.
#[derive(Debug, Clone)]
pub enum Side<'m> {
    /// No policy isolates it.
    Open,
    /// Allowed by these rules, each with its policy.
    Allowed(Vec<(&'m Object, At<'m>)>),
    /// These policies isolate it, and none allows it.
    Closed(Vec<&'m Object>),
}

impl<'m> Verdict<'m> {
    /// The policies that open it, or where it is not allowed those that close it; none where no policy
    /// isolates either side.
    pub fn policies(&self) -> impl Iterator<Item = &'m Object> {
        let is_allowed = self.is_allowed();
        let of_side = move |side: &Side<'m>| match side {
            Side::Allowed(rules) if is_allowed => rules.iter().map(|(object, _)| *object).collect(),
            Side::Closed(policies) => policies.clone(),
            Side::Open | Side::Allowed(_) => Vec::new(),
        };
        [&self.egress, &self.ingress].into_iter().flat_map(of_side)
    }

    /// Whether the receiver is reached.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        let is_closed = |side: &Side<'_>| matches!(side, Side::Closed(_));
        !is_closed(&self.egress) && !is_closed(&self.ingress)
    }
}

impl<'n, 'm> Half<'n, 'm, '_> {
    /// The policies that isolate, with their rules.
    fn isolating(&self) -> impl Iterator<Item = (&'n Policy<'m>, &'n [Rule<'m>])> + Clone {
        let direction = self.direction;
        let about = self.network.policies_about(self.one);
        about.filter_map(move |policy| Some((policy, direction(policy).as_deref()?)))
    }

    /// The rules for the other end.
    fn rules(&self) -> impl Iterator<Item = &'n Rule<'m>> {
        self.isolating().flat_map(|(policy, rules)| {
            let rules = rules.iter();
            rules.filter(|rule| rule.is_for(policy, self.other))
        })
    }

    /// Whether no port at all is open.
    fn is_closed(&self) -> bool {
        self.isolating().next().is_some() && self.rules().next().is_none()
    }

    fn opened(&self) -> Opened<'n, 'm> {
        match self.isolating().next() {
            Some(_) => Opened::By(self.rules().collect()),
            None => Opened::All,
        }
    }

    fn side(&self, to: &Endpoint<'_>, protocol: Protocol, port: u16) -> Side<'m> {
        let isolating = self.isolating();
        let opening = isolating.clone().filter_map(|(policy, rules)| {
            let mut rules = rules.iter();
            let opens =
                |rule: &&Rule<'_>| rule.has(to, protocol, port) && rule.is_for(policy, self.other);
            Some((policy.object, rules.find(opens)?.at))
        });
        let opening: Vec<_> = opening.collect();
        if !opening.is_empty() {
            return Side::Allowed(opening);
        }
        let closing: Vec<_> = isolating.map(|(policy, _)| policy.object).collect();
        if closing.is_empty() {
            Side::Open
        } else {
            Side::Closed(closing)
        }
    }
}

impl<'n, 'm> Opened<'n, 'm> {
    fn rules(&self) -> impl Iterator<Item = &'n Rule<'m>> {
        let rules = match self {
            Self::All => &[][..],
            Self::By(rules) => rules,
        };
        rules.iter().copied()
    }

    fn has(&self, to: &Endpoint<'_>, protocol: Protocol, port: u16) -> bool {
        match self {
            Self::All => true,
            Self::By(rules) => rules.iter().any(|rule| rule.has(to, protocol, port)),
        }
    }
}

impl<'m> Way<'_, 'm, '_> {
    /// Whether `port` is open, and why.
    pub(super) fn verdict(&self, protocol: Protocol, port: u16) -> Verdict<'m> {
        Verdict {
            egress: self.egress.side(self.to, protocol, port),
            ingress: self.ingress.side(self.to, protocol, port),
        }
    }

    /// The open ports, by protocol and number; neighbours are one range.
    pub(super) fn ports(&self) -> Vec<(Protocol, RangeInclusive<u16>)> {
        let mut found: Vec<(Protocol, RangeInclusive<u16>)> = Vec::new();
        if self.egress.is_closed() || self.ingress.is_closed() {
            return found;
        }
        let halves = [self.egress.opened(), self.ingress.opened()];
        let starts = self.port_starts(&halves);
        for protocol in Protocol::ALL {
            for (index, first) in starts.iter().copied().enumerate() {
                let next = starts.get(index + 1);
                let last = next.map_or(u16::MAX, |next| next.saturating_sub(1));
                let mut halves = halves.iter();
                if !halves.all(|half| half.has(self.to, protocol, first)) {
                    continue;
                }
                match found.last_mut() {
                    Some((before, range))
                        if *before == protocol && range.end().checked_add(1) == Some(first) =>
                    {
                        *range = *range.start()..=last;
                    }
                    _ => found.push((protocol, first..=last)),
                }
            }
        }
        found
    }

    /// The first ports of the pieces in which no rule draws a line.
    fn port_starts(&self, halves: &[Opened<'_, '_>]) -> Vec<u16> {
        let mut starts = vec![*ALL_PORTS.start()];
        let mut piece = |range: &RangeInclusive<u16>| {
            starts.push(*range.start());
            starts.extend(range.end().checked_add(1));
        };
        let rules = halves.iter().flat_map(Opened::rules);
        for ports in rules.flat_map(|rule| rule.ports.iter().flatten()) {
            if let Ports::Numbers(numbers) = &ports.ports {
                piece(numbers);
            }
        }
        if let Endpoint::Pod(Member { ports, .. }) = self.to {
            for (_, number, _) in ports.iter().flatten() {
                piece(&(*number..=*number));
            }
        }
        starts.retain(|start| ALL_PORTS.contains(start));
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}
