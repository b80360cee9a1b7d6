/// Makes the English plural and its singular one word: `tents` becomes `tent`, `boxes` `box`, `batteries` and `battery` one.
///
/// Light on purpose: after the S-stemmer of Harman (How effective is suffixing?, JASIS 42, 1991), with the sibilant plurals
/// added. Verbs and derivations stay, since a shop's words are nouns and names. Words with anything but `a`–`z`, and words of up
/// to three letters, stay as they are.
pub(super) fn stem(word: &mut String) {
    if word.len() <= 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return;
    }
    let plural = word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
        && !matches!(word.as_str(), "lens" | "news" | "canvas");
    if plural {
        let cut = if word.len() > 4
            && (["xes", "ches", "shes", "sses"].iter().any(|end| word.ends_with(end))
                || (word.ends_with("oes") && !is_oe_plural(word))
                || matches!(word.as_str(), "lenses" | "canvases" | "buses"))
        {
            2
        } else {
            1
        };
        word.truncate(word.len() - cut);
    }
    // `ie` and `y` are one ending in the plural, so they become one in the singular too: hoodie(s), battery, batteries.
    if word.len() > 3 && word.ends_with("ie") {
        word.truncate(word.len() - 2);
        word.push('y');
    } else if word.len() > 3 && word.ends_with("xe") {
        word.pop();
    }
}

fn is_oe_plural(word: &str) -> bool {
    word.ends_with("shoes") || matches!(word, "toes" | "canoes" | "hoes" | "oboes" | "floes")
}
