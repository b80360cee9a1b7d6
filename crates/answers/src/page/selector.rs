//! Where an element is, in the words of CSS.

use super::tree::Tree;

impl Tree<'_> {
    /// A selector that finds this element and no other in the page, once a browser has read it: from the nearest element
    /// with an id of its own, else from the body. Elements are counted by their kind, so that an image put in between
    /// changes nothing.
    pub(super) fn selector(&self, at: usize) -> String {
        let mut steps = Vec::new();
        let mut at = at;
        let start = loop {
            if at == Tree::BODY {
                break "body".to_owned();
            }
            if let Some(id) = self.elements[at].id
                && is_plain(id)
                && self.elements.iter().filter(|other| other.id == Some(id)).count() == 1
            {
                break format!("#{id}");
            }
            let element = &self.elements[at];
            let alike = |other: &usize| self.elements[*other].name == element.name;
            let place = self.children(element.parent).filter(alike).position(|other| other == at).unwrap_or(0);
            steps.push(format!("{}:nth-of-type({})", element.name, place + 1));
            at = element.parent;
        };
        steps.push(start);
        steps.reverse();
        steps.join(" > ")
    }
}

/// Whether the id can stand in a selector as it is.
fn is_plain(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
