//! The upstream relation (上联): which line is reached through which, by id.
//!
//! Every line names at most one upstream, so the relation is a forest, or would be if nobody ever made a
//! mistake. An inventory with a loop is refused at the edge; should one get here nevertheless, it is cut:
//! the member of the loop with the smallest id has no upstream. So every walk ends, no line is its own
//! ancestor, and the outcome depends on the links alone, never on the order in which they became known.

use std::collections::{BTreeMap, BTreeSet};

use crate::line::{Line, LineId};

/// The relation as in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    /// What the inventory says, loops included.
    named: BTreeMap<LineId, LineId>,
    /// The same the other way round.
    below: BTreeMap<LineId, BTreeSet<LineId>>,
    /// Smallest member of every loop: its link does not count.
    cut: BTreeSet<LineId>,
}

impl Upstream {
    /// The relation of an inventory.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Self {
        let mut relation = Self::default();
        for line in lines {
            relation.set(&line.id, line.upstream.as_ref());
        }
        relation
    }

    /// Names the upstream of a line, or that it has none.
    pub fn set(&mut self, line: &LineId, upstream: Option<&LineId>) {
        self.unlink(line);
        let Some(upstream) = upstream else { return };
        let reached: Vec<LineId> = std::iter::once(upstream).chain(self.ancestors(upstream)).cloned().collect();
        if let Some(place) = reached.iter().position(|above| above == line) {
            // The links from `upstream` up to `line` and the new one back make a loop.
            self.cut.extend(reached[..=place].iter().min().cloned());
        }
        self.named.insert(line.clone(), upstream.clone());
        self.below.entry(upstream.clone()).or_default().insert(line.clone());
    }

    fn unlink(&mut self, line: &LineId) {
        let Some(upstream) = self.named.get(line).cloned() else { return };
        // A loop through this line is a loop no more. Without cuts every walk from here comes back here
        // or runs into another loop; the second look at any member ends it.
        let mut walk = BTreeSet::new();
        let mut at = Some(line);
        while let Some(here) = at.filter(|here| walk.insert((*here).clone())) {
            at = self.named.get(here);
        }
        if at == Some(line) {
            self.cut.retain(|member| !walk.contains(member));
        }
        self.named.remove(line);
        if let Some(siblings) = self.below.get_mut(&upstream) {
            siblings.remove(line);
            if siblings.is_empty() {
                self.below.remove(&upstream);
            }
        }
    }

    /// The line through which a line is reached.
    pub fn parent(&self, line: &LineId) -> Option<&LineId> {
        self.named.get(line).filter(|_| !self.cut.contains(line))
    }

    /// Upstream, its upstream, and so on: nearest first, the line itself never.
    pub fn ancestors<'a>(&'a self, line: &LineId) -> impl Iterator<Item = &'a LineId> + use<'a> {
        std::iter::successors(self.parent(line), |above| self.parent(above))
    }

    /// How many ancestors a line has.
    pub fn depth(&self, line: &LineId) -> usize {
        self.ancestors(line).count()
    }

    /// All lines that are reached through a line: nearer ones first, then by id.
    pub fn descendants<'a>(&'a self, line: &LineId) -> Vec<&'a LineId> {
        let mut found: Vec<&LineId> = self.children(line).collect();
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            found.extend(self.children(parent));
            next += 1;
        }
        found
    }

    fn children<'a>(&'a self, line: &LineId) -> impl Iterator<Item = &'a LineId> + use<'a> {
        self.below.get(line).into_iter().flatten().filter(|child| !self.cut.contains(*child))
    }

    /// Whether one of two lines is reached through the other, or both are the same: then neither can vouch
    /// for the other (design rule 4).
    pub fn related(&self, one: &LineId, other: &LineId) -> bool {
        one == other
            || self.ancestors(one).any(|above| above == other)
            || self.ancestors(other).any(|above| above == one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn relation(links: &[(u8, u8)]) -> Upstream {
        let mut relation = Upstream::default();
        for (line, upstream) in links {
            relation.set(&id(*line), Some(&id(*upstream)));
        }
        relation
    }

    fn id(number: u8) -> LineId {
        number.to_string().as_str().into()
    }

    fn text(lines: &[&LineId]) -> String {
        lines.iter().map(|line| line.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_forest_is_walked_both_ways() {
        let relation = relation(&[(2, 1), (3, 2), (4, 2), (5, 1)]);
        assert_eq!(text(&relation.ancestors(&id(4)).collect::<Vec<_>>()), "2 1");
        assert_eq!(text(&relation.descendants(&id(1))), "2 5 3 4");
        assert_eq!(relation.depth(&id(3)), 2);
        assert!(relation.related(&id(1), &id(3)) && relation.related(&id(3), &id(3)));
        assert!(!relation.related(&id(3), &id(4)));
    }

    #[test]
    fn a_loop_is_cut_at_its_smallest_member_and_heals_when_a_link_goes() {
        let mut relation = relation(&[(3, 1), (1, 2), (2, 3), (4, 3)]);
        assert_eq!(text(&relation.ancestors(&id(4)).collect::<Vec<_>>()), "3 1");
        assert_eq!(text(&relation.ancestors(&id(2)).collect::<Vec<_>>()), "3 1");
        assert_eq!(relation.parent(&id(1)), None);
        relation.set(&id(2), None);
        assert_eq!(text(&relation.ancestors(&id(4)).collect::<Vec<_>>()), "3 1 2");
    }

    #[test]
    fn a_line_is_not_its_own_upstream() {
        assert_eq!(relation(&[(1, 1)]).parent(&id(1)), None);
    }

    proptest! {
        #[test]
        fn walks_end_and_the_order_of_the_links_does_not_matter(
            links in proptest::collection::vec((0u8..12, 0u8..12), 0..40),
            seed in any::<u64>(),
        ) {
            let mut last: BTreeMap<u8, u8> = BTreeMap::new();
            last.extend(links.iter().copied());
            let there = relation(&links);
            let mut shuffled: Vec<(u8, u8)> = last.into_iter().collect();
            shuffled.sort_by_key(|(line, _)| (seed.rotate_left(u32::from(*line) * 5) & 0xff, *line));
            prop_assert_eq!(&there, &relation(&shuffled));
            for number in 0..12 {
                let line = id(number);
                prop_assert!(there.ancestors(&line).take(13).count() < 12);
                prop_assert!(there.ancestors(&line).all(|above| *above != line));
                for below in there.descendants(&line) {
                    prop_assert!(there.ancestors(below).any(|above| *above == line));
                }
            }
        }
    }
}
