//! What the policies about two ends let pass between them.
//!
//! Whom a rule opens for does not depend on the port. So the rules that fit both ends are found once,
//! and only their ports are compared for each port that is asked: mostly there are none.

use std::ops::RangeInclusive;

use super::endpoint::{Endpoint, Member, Protocol};
use super::policy::{ALL_PORTS, Policy, Ports, Rule};
use crate::manifest::{At, Object};

/// What is open between a sender and a receiver.
pub(super) struct Way<'n, 'm, 'e> {
    pub(super) egress: Half<'n, 'm>,
    pub(super) ingress: Half<'n, 'm>,
    pub(super) to: &'n Endpoint<'e>,
}

/// What the policies about one of them open for the other: the policies that isolate it, each with
/// its rules for the other.
pub(super) struct Half<'n, 'm>(Vec<(&'n Policy<'m>, Vec<&'n Rule<'m>>)>);

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

impl<'n, 'm> Half<'n, 'm> {
    /// Of the policies `about` one end, with the rules that `direction` takes of them, for the `other`.
    pub(super) fn of(
        about: impl Iterator<Item = &'n Policy<'m>>,
        direction: fn(&'n Policy<'m>) -> &'n Option<Vec<Rule<'m>>>,
        other: &Endpoint<'_>,
    ) -> Self {
        let isolating = about.filter_map(|policy| {
            let rules = direction(policy).as_ref()?.iter();
            Some((
                policy,
                rules.filter(|rule| rule.is_for(policy, other)).collect(),
            ))
        });
        Self(isolating.collect())
    }

    fn rules(&self) -> impl Iterator<Item = &'n Rule<'m>> {
        self.0.iter().flat_map(|(_, rules)| rules).copied()
    }

    /// Whether no port at all is open.
    fn is_closed(&self) -> bool {
        !self.0.is_empty() && self.rules().next().is_none()
    }

    fn opens(&self, to: &Endpoint<'_>, protocol: Protocol, port: u16) -> bool {
        self.0.is_empty() || self.rules().any(|rule| rule.has(to, protocol, port))
    }

    fn side(&self, to: &Endpoint<'_>, protocol: Protocol, port: u16) -> Side<'m> {
        let opening = self.0.iter().filter_map(|(policy, rules)| {
            let rule = rules.iter().find(|rule| rule.has(to, protocol, port))?;
            Some((policy.object, rule.at))
        });
        let opening: Vec<_> = opening.collect();
        match (self.0.is_empty(), opening.is_empty()) {
            (true, _) => Side::Open,
            (false, false) => Side::Allowed(opening),
            (false, true) => Side::Closed(self.0.iter().map(|(policy, _)| policy.object).collect()),
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
        let starts = self.port_starts();
        for protocol in Protocol::ALL {
            for (index, first) in starts.iter().copied().enumerate() {
                let next = starts.get(index + 1);
                let last = next.map_or(u16::MAX, |next| next.saturating_sub(1));
                let is_open = |half: &Half<'_, '_>| half.opens(self.to, protocol, first);
                if !is_open(&self.egress) || !is_open(&self.ingress) {
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
    fn port_starts(&self) -> Vec<u16> {
        let mut starts = vec![*ALL_PORTS.start()];
        let mut piece = |range: &RangeInclusive<u16>| {
            starts.push(*range.start());
            starts.extend(range.end().checked_add(1));
        };
        let rules = self.egress.rules().chain(self.ingress.rules());
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
