use std::net::Ipv4Addr;

use uuid::Uuid;

use crate::{Time, limits, problem::Problem};

/// What a text must look like. The one place for these rules: the typed path and the listing of errors both ask here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Any,
    AtLeast(usize),
    UpTo(usize),
    ProductId,
    UserId,
    Uri,
    /// When an interaction happened.
    Timestamp,
    DateOrTime,
    Uuid,
    Ipv4,
}

impl Text {
    /// The first thing wrong with `text`.
    pub(crate) fn check(self, text: &str) -> Result<(), Problem<'static>> {
        let matches = |is_match: bool, formats: &'static [&'static str]| match is_match {
            true => Ok(()),
            false => Err(Problem::Format(formats)),
        };
        match self {
            Text::Any => Ok(()),
            Text::AtLeast(chars_min) => at_least(text, chars_min),
            Text::UpTo(chars_max) => up_to(text, chars_max),
            Text::ProductId => {
                id(text, limits::PRODUCT_ID_CHARS_MAX)?;
                if text.contains(',') { Err(Problem::Contains(',')) } else { Ok(()) }
            }
            Text::UserId => id(text, limits::USER_ID_CHARS_MAX),
            Text::Uri => {
                at_least(text, 1)?;
                up_to(text, limits::URI_CHARS_MAX)?;
                matches(is_uri(text), &["uri"])
            }
            Text::Timestamp => match Time::parse(text) {
                None => Err(Problem::Format(&["date-time"])),
                Some(time) if !time.fits_an_interaction() => Err(Problem::Year),
                Some(_) => Ok(()),
            },
            Text::DateOrTime => matches(Time::parse_date_or_time(text).is_some(), &["date-time", "date"]),
            Text::Uuid => matches(Uuid::try_parse(text).is_ok(), &["uuid"]),
            Text::Ipv4 => matches(text.parse::<Ipv4Addr>().is_ok(), &["ipv4"]),
        }
    }

    pub(crate) fn accepts(self, text: &str) -> bool {
        self.check(text).is_ok()
    }

    /// Absent is always fine.
    pub(crate) fn accepts_optional(self, text: &Option<String>) -> bool {
        text.as_deref().is_none_or(|text| self.accepts(text))
    }
}

/// The key of a record: neither empty nor too long, and not taken for a route such as `_ids`.
fn id(text: &str, chars_max: usize) -> Result<(), Problem<'static>> {
    at_least(text, 1)?;
    up_to(text, chars_max)?;
    if text.starts_with('_') { Err(Problem::StartsWith('_')) } else { Ok(()) }
}

fn at_least(text: &str, chars_min: usize) -> Result<(), Problem<'static>> {
    // No character takes more than four bytes, so that long texts need no counting.
    if text.len() >= chars_min * 4 {
        return Ok(());
    }
    match text.chars().count() {
        chars if chars < chars_min => Err(Problem::TooShort { chars_min, chars }),
        _ => Ok(()),
    }
}

fn up_to(text: &str, chars_max: usize) -> Result<(), Problem<'static>> {
    if text.len() <= chars_max {
        return Ok(());
    }
    match text.chars().count() {
        chars if chars > chars_max => Err(Problem::TooLong { chars_max, chars }),
        _ => Ok(()),
    }
}

/// An absolute address: a scheme, a colon and something without blanks and control characters after it (RFC 3986).
/// `http` and `https` need a host. Letters beyond ASCII are taken as they are (RFC 3987), since shops have them in their paths.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let has_target = match scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        true => rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#', ':'])),
        false => !rest.is_empty(),
    };
    is_scheme && has_target && !rest.chars().any(|char| char.is_whitespace() || char.is_control())
}
