/// Appends `text` with its entities resolved; an unknown one stays as written. O(bytes).
pub fn push_resolved(text: &str, resolved: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        resolved.push_str(&rest[..at]);
        rest = take_entity(&rest[at..], resolved);
    }
    resolved.push_str(rest);
}

/// Appends what the entity at the start of `rest` stands for; returns what follows it.
pub(super) fn take_entity<'a>(rest: &'a str, text: &mut String) -> &'a str {
    // The longest name in the table has 8 characters; numbers may have leading zeros.
    let end = rest.bytes().take(16).position(|b| b == b';');
    if let Some(end) = end
        && let Some(c) = entity(&rest[1..end])
    {
        text.push(c);
        return &rest[end + 1..];
    }
    text.push('&');
    &rest[1..]
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace());
    }
    if let Some((_, c)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(*c);
    }
    // Accented letters are named by the letter and the accent: eacute, Ouml, ntilde.
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let (_, letters, accented) = ACCENTS.iter().find(|(accent, ..)| **accent == name[1..])?;
    accented.chars().nth(letters.find(letter)?)
}

/// Accents, the letters that have entities with them, and these letters with the accent.
pub(super) const ACCENTS: [(&str, &str, &str); 8] = [
    ("grave", "AaEeIiOoUu", "ÀàÈèÌìÒòÙù"),
    ("acute", "AaCcEegIiLlNnOoRrSsUuYyZz", "ÁáĆćÉéǵÍíĹĺŃńÓóŔŕŚśÚúÝýŹź"),
    ("circ", "AaCcEeGgHhIiJjOoSsUuWwYy", "ÂâĈĉÊêĜĝĤĥÎîĴĵÔôŜŝÛûŴŵŶŷ"),
    ("tilde", "AaIiNnOoUu", "ÃãĨĩÑñÕõŨũ"),
    ("uml", "AaEeIiOoUuYy", "ÄäËëÏïÖöÜüŸÿ"),
    ("ring", "AaUu", "ÅåŮů"),
    ("caron", "CcDdEeLlNnRrSsTtZz", "ČčĎďĚěĽľŇňŘřŠšŤťŽž"),
    ("cedil", "CcGKkLlNnRrSsTt", "ÇçĢĶķĻļŅņŖŗŞşŢţ"),
];

/// Those that texts of shops have, most often met first.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("nbsp", ' '),
    ("quot", '"'),
    ("lt", '<'),
    ("gt", '>'),
    ("apos", '\''),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("shy", '\u{AD}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("minus", '−'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("prime", '′'),
    ("Prime", '″'),
    ("hellip", '…'),
    ("bull", '•'),
    ("middot", '·'),
    ("deg", '°'),
    ("times", '×'),
    ("divide", '÷'),
    ("plusmn", '±'),
    ("le", '≤'),
    ("ge", '≥'),
    ("trade", '™'),
    ("reg", '®'),
    ("copy", '©'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("sect", '§'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("sup1", '¹'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("ordm", 'º'),
    ("ordf", 'ª'),
    ("micro", 'µ'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
    ("szlig", 'ß'),
    ("aelig", 'æ'),
    ("AElig", 'Æ'),
    ("oelig", 'œ'),
    ("OElig", 'Œ'),
    ("oslash", 'ø'),
    ("Oslash", 'Ø'),
    ("lstrok", 'ł'),
    ("Lstrok", 'Ł'),
    ("eth", 'ð'),
    ("ETH", 'Ð'),
    ("thorn", 'þ'),
    ("THORN", 'Þ'),
];
