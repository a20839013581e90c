//! Lines between two columns of cards: none lies on another, and few cross.
//!
//! A line for many servers is one trunk down with a branch across for each. Where a card can lie
//! beside its only server, the line is straight and needs no trunk.

/// Between two cards.
const GAP: i32 = 12;
/// Between lines that must not be taken for one.
const APART: i32 = 4;
/// How often the order of trunks is gone through at most; it is good long before.
const PASSES: usize = 24;

/// A line between servers and one card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wire {
    /// Where it begins at servers; never nowhere.
    pub near: Vec<i32>,
    /// Where it ends at the card.
    pub far: i32,
}

impl Wire {
    /// Whether it needs no trunk.
    pub fn is_straight(&self) -> bool {
        self.near == [self.far]
    }

    /// From where to where its trunk goes.
    pub fn span(&self) -> (i32, i32) {
        let ends = || self.near.iter().copied().chain([self.far]);
        (
            ends().min().unwrap_or(self.far),
            ends().max().unwrap_or(self.far),
        )
    }

    /// Whether more than two lines meet where the one across at `y` meets its trunk.
    pub fn is_joint(&self, y: i32) -> bool {
        let (top, bottom) = self.span();
        let is_inside = top < y && y < bottom;
        is_inside || self.far == y && self.near.contains(&y)
    }

    fn holds(&self, y: i32) -> bool {
        let (top, bottom) = self.span();
        (top - APART..=bottom + APART).contains(&y)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let ((top, bottom), (other_top, other_bottom)) = (self.span(), other.span());
        top - APART <= other_bottom && other_top - APART <= bottom
    }

    /// How often it and `outer` cross, when its trunk is nearer to the servers.
    fn crossings(&self, outer: &Self) -> usize {
        let branches = outer.near.iter().filter(|y| self.holds(**y)).count();
        branches + usize::from(outer.holds(self.far))
    }
}

/// The upper edges of cards of these heights, none above `top`: in the order of their servers, and as
/// near to them as can be. A card with one server lies beside it, if that is possible for all.
///
/// Cards that would lie on each other are moved together, to where they are well on the average
/// (isotonic regression, "pool adjacent violators").
pub fn places(cards: &[(&[i32], i32)], top: i32, first_end: i32) -> Vec<i32> {
    let wanted = |(near, height): &(&[i32], i32)| match near {
        [one] => one - first_end,
        many => many.iter().sum::<i32>() / count(many) - height / 2,
    };
    let mut order: Vec<usize> = (0..cards.len()).collect();
    order.sort_by_key(|index| (cards.get(*index).map(wanted), *index));
    let mut pools: Vec<Pool> = Vec::new();
    let mut before = 0;
    for index in order {
        let Some(card) = cards.get(index) else {
            continue;
        };
        let mut pool = Pool {
            members: vec![(index, before)],
            weight: if card.0.len() == 1 { LOYAL } else { 1 },
            sum: 0,
        };
        pool.sum = i64::from(wanted(card) - before) * pool.weight;
        while let Some(above) = pools.pop_if(|above| above.mean() > pool.mean()) {
            pool = above.with(pool);
        }
        pools.push(pool);
        before += card.1 + GAP;
    }
    let mut places = vec![top; cards.len()];
    for pool in pools {
        let mean = i32::try_from(pool.mean()).unwrap_or(top).max(top);
        for (index, before) in pool.members {
            if let Some(place) = places.get_mut(index) {
                *place = mean + before;
            }
        }
    }
    places
}

/// How much more a card with one server matters than one with several.
const LOYAL: i64 = 20;

/// Cards that are moved together: by index, with the height of all that is above.
struct Pool {
    members: Vec<(usize, i32)>,
    weight: i64,
    sum: i64,
}

impl Pool {
    /// Where its first card is best, less what is above.
    fn mean(&self) -> i64 {
        self.sum / self.weight
    }

    fn with(mut self, below: Self) -> Self {
        self.members.extend(below.members);
        self.weight += below.weight;
        self.sum += below.sum;
        self
    }
}

fn count(items: &[i32]) -> i32 {
    i32::try_from(items.len()).unwrap_or(i32::MAX).max(1)
}

/// Where lines end at a card from `top` on: straight from one of its servers, or where no line of the
/// `others` passes.
pub fn far_end(near: &[i32], (top, height): (i32, i32), others: &[i32]) -> i32 {
    let inside = top + 14..top + height - 8;
    if let Some(straight) = near.iter().find(|y| inside.contains(y)) {
        return *straight;
    }
    let is_apart = |y: &i32| others.iter().all(|other| (other - y).abs() >= APART);
    inside.clone().find(is_apart).unwrap_or(inside.start)
}

/// The place of each wire's trunk, counted from the servers outwards; `None` for straight ones.
pub fn slots(wires: &[Wire]) -> Vec<Option<usize>> {
    let bent = wires.iter().enumerate();
    let mut order: Vec<(usize, &Wire)> = bent.filter(|(_, wire)| !wire.is_straight()).collect();
    for _ in 0..PASSES {
        let mut is_settled = true;
        for at in 1..order.len() {
            if let Some([(_, inner), (_, outer)]) = order.get(at - 1..=at)
                && outer.crossings(inner) < inner.crossings(outer)
            {
                order.swap(at - 1, at);
                is_settled = false;
            }
        }
        if is_settled {
            break;
        }
    }
    let mut slots = vec![None; wires.len()];
    let mut before: Vec<(usize, &Wire)> = Vec::new();
    for (index, wire) in order {
        let inner = before.iter().filter(|(_, known)| known.overlaps(wire));
        let slot = inner.map(|(slot, _)| slot + 1).max().unwrap_or(0);
        before.push((slot, wire));
        if let Some(place) = slots.get_mut(index) {
            *place = Some(slot);
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wire(near: &[i32], far: i32) -> Wire {
        Wire {
            near: near.to_vec(),
            far,
        }
    }

    #[test]
    fn trunks_that_do_not_meet_share_a_place() {
        let wires = [
            wire(&[10], 10),
            wire(&[20, 80], 50),
            wire(&[100, 160], 130),
            wire(&[40, 120], 60),
        ];
        let slots = slots(&wires);
        assert_eq!(slots.first(), Some(&None));
        assert_eq!(slots.get(1), slots.get(2));
        assert_ne!(slots.get(1), slots.get(3));
    }

    #[test]
    fn of_two_orders_the_one_with_fewer_crossings_is_taken() {
        let (outer, inner) = (wire(&[10, 100], 50), wire(&[40], 60));
        assert_eq!((outer.crossings(&inner), inner.crossings(&outer)), (2, 1));
        assert_eq!(slots(&[outer, inner]), [Some(1), Some(0)]);
    }

    proptest! {
        #[test]
        fn no_two_cards_lie_on_each_other(
            cards in prop::collection::vec((prop::collection::vec(0i32..900, 1..5), 50i32..140), 1..12),
        ) {
            let cards: Vec<(&[i32], i32)> = cards.iter().map(|(near, height)| (near.as_slice(), *height)).collect();
            let places = places(&cards, 40, 16);
            for (index, (place, (_, height))) in places.iter().zip(&cards).enumerate() {
                prop_assert!(*place >= 40);
                for (other, (_, other_height)) in places.iter().zip(&cards).skip(index + 1) {
                    prop_assert!(place + height + GAP <= *other || other + other_height + GAP <= *place);
                }
            }
        }
    }
}
