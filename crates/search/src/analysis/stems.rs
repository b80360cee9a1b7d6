//! Stems: the forms of a word brought to one.
//!
//! Light on purpose: number, gender and case only, since a shop's words are nouns, names and what describes them. After J.
//! Savoy, Light Stemming Approaches for the French, Portuguese, German and Hungarian Languages (SAC 2006), the light stemmers of
//! the same author for the other languages, and Harman's S-stemmer for English. All work on folded words, without accents, so that
//! what was typed without them meets what was written with them. Words with anything but letters of the language's alphabet stay
//! as they are: model numbers, names in other scripts.

/// Ends in one of these.
fn ends(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.ends_with(ending))
}

/// Takes `count` letters of one byte off.
fn cut(word: &mut String, count: usize) {
    word.truncate(word.len() - count);
}

/// Whether the word has letters of the Latin alphabet only, and enough of them.
fn is_latin(word: &str, letters_min: usize) -> bool {
    word.len() >= letters_min && word.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// English words whose plural is not made with an ending.
const IRREGULAR: [(&str, &str); 23] = [
    ("men", "man"),
    ("women", "woman"),
    ("children", "child"),
    ("feet", "foot"),
    ("teeth", "tooth"),
    ("geese", "goose"),
    ("mice", "mouse"),
    ("dice", "die"),
    ("knives", "knife"),
    ("shelves", "shelf"),
    ("scarves", "scarf"),
    ("wolves", "wolf"),
    ("loaves", "loaf"),
    ("halves", "half"),
    ("hooves", "hoof"),
    ("leaves", "leaf"),
    ("calves", "calf"),
    ("elves", "elf"),
    ("wives", "wife"),
    ("lives", "life"),
    ("thieves", "thief"),
    ("mens", "man"),
    ("womens", "woman"),
];

/// Makes the English plural and its singular one word: `tents` becomes `tent`, `boxes` `box`, `batteries` and `battery` one.
pub(super) fn english(word: &mut String) {
    if !is_latin(word, 3) {
        return;
    }
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| plural == word) {
        word.clear();
        word.push_str(singular);
    }
    if word.len() <= 3 {
        return;
    }
    let plural = word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
        && !matches!(word.as_str(), "lens" | "news" | "canvas");
    if plural {
        let two = word.len() > 4
            && (ends(word, &["xes", "ches", "shes", "sses"])
                || (word.ends_with("oes") && !is_oe_plural(word))
                || matches!(word.as_str(), "lenses" | "canvases" | "buses"));
        cut(word, if two { 2 } else { 1 });
    }
    // `ie` and `y` are one ending in the plural, so they become one in the singular too: hoodie(s), battery, batteries.
    if word.len() > 3 && word.ends_with("ie") {
        cut(word, 2);
        word.push('y');
    } else if word.len() > 3 && word.ends_with("xe") {
        word.pop();
    }
}

fn is_oe_plural(word: &str) -> bool {
    word.ends_with("shoes") || matches!(word, "toes" | "canoes" | "hoes" | "oboes" | "floes")
}

/// `chaussures` and `chaussure`, `chevaux` and `cheval`, `noire` and `noir`, `sportive` and `sportif` become one.
pub(super) fn french(word: &mut String) {
    if !is_latin(word, 4) {
        return;
    }
    if ends(word, &["eaux", "yaux"]) {
        cut(word, 1);
    } else if word.len() > 4 && word.ends_with("aux") {
        cut(word, 2);
        word.push('l');
    } else if ends(word, &["eux", "oux"]) || (word.ends_with('s') && !word.ends_with("ss")) {
        cut(word, 1);
    }
    if word.len() > 5 && word.ends_with("euse") {
        cut(word, 2);
    } else if word.len() > 6 && word.ends_with("trice") {
        cut(word, 4);
        word.push_str("eur");
    }
    let feminine = word.ends_with('e');
    while word.len() > 3 && word.ends_with('e') {
        cut(word, 1);
    }
    // gris, whose `s` is no plural, and grise.
    if feminine && word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
        cut(word, 1);
    }
    if word.len() > 4 && ends(word, &["iv", "euv"]) {
        cut(word, 1);
        word.push('f');
    } else if word.len() > 5 && word.ends_with("nch")
        || word.len() > 4 && ends(word, &["ngu", "nn", "ll", "tt", "pp", "mm", "rr"])
    {
        cut(word, 1);
    }
}

/// `Schuhe` and `Schuh`, `Häuser` and `Haus`, `schwarze` and `schwarz` become one; `ue` is `ü`.
pub(super) fn german(word: &mut String) {
    if !is_latin(word, 4) {
        return;
    }
    *word = without_written_umlauts(word);
    if word.len() > 6 && word.ends_with("innen") {
        cut(word, 5);
    } else if word.len() > 5 && word.ends_with("ern") {
        cut(word, 3);
    } else if word.len() > 5 && word.ends_with("eln") {
        cut(word, 1);
    } else if word.len() > 4 && ends(word, &["em", "en", "er", "es"]) {
        cut(word, 2);
    } else if word.len() > 3 && word.ends_with('e') {
        cut(word, 1);
    } else if word.len() > 4 && word.ends_with('s') {
        let before = word.as_bytes()[word.len() - 2];
        // Genitives, and the plurals of words from elsewhere: autos, kameras, handys.
        if matches!(
            before,
            b'b' | b'd' | b'f' | b'g' | b'h' | b'k' | b'l' | b'm' | b'n' | b'r' | b't' | b'a' | b'o' | b'y'
        ) {
            cut(word, 1);
        }
    }
}

/// `schluessel` as it is folded from `schlüssel`. Not after a vowel (`neue`, `steuer`) or `q`.
fn without_written_umlauts(word: &str) -> String {
    let letters = word.as_bytes();
    let mut folded = String::with_capacity(word.len());
    for (at, letter) in word.char_indices() {
        let written = letter == 'e'
            && at > 0
            && matches!(letters[at - 1], b'a' | b'o' | b'u')
            && (at < 2 || !(is_vowel(letters[at - 2]) || letters[at - 2] == b'q'));
        if !written {
            folded.push(letter);
        }
    }
    if folded.len() < 4 { word.to_owned() } else { folded }
}

/// `zapatos` and `zapato`, `móviles` and `móvil`, `luces` and `luz`, `rojas` and `rojo` become one.
pub(super) fn spanish(word: &mut String) {
    if !is_latin(word, 3) {
        return;
    }
    if word.len() > 4 && word.ends_with("es") && !is_vowel(word.as_bytes()[word.len() - 3]) {
        cut(word, 2);
    } else if word.len() > 3 && word.ends_with('s') && is_vowel(word.as_bytes()[word.len() - 2]) {
        cut(word, 1);
    }
    if word.len() > 3 && ends(word, &["a", "o", "e"]) {
        cut(word, 1);
    }
    if word.ends_with('z') {
        cut(word, 1);
        word.push('c');
    }
}

/// `scarpe` and `scarpa`, `occhiali` and `occhiale`, `bianchi` and `bianco`, `orologi` and `orologio` become one.
pub(super) fn italian(word: &mut String) {
    if !is_latin(word, 4) {
        return;
    }
    for _ in 0..2 {
        let last = word.as_bytes()[word.len() - 1];
        if word.len() > 3 && matches!(last, b'a' | b'e' | b'i' | b'o') {
            cut(word, 1);
        }
        // Only an `i` goes after another ending: occhi-o, cilieg-i-a.
        if !word.ends_with('i') {
            break;
        }
    }
    if word.len() > 3 && ends(word, &["ch", "gh"]) {
        cut(word, 1);
    }
}

/// `schoenen` and `schoen`, `jassen` and `jas`, `schalen` and `schaal`, `kopje` and `kop` become one.
pub(super) fn dutch(word: &mut String) {
    if !is_latin(word, 4) {
        return;
    }
    match word.as_str() {
        "kinderen" => return cut(word, 4),
        "eieren" => return cut(word, 4),
        _ => {}
    }
    if word.len() > 5 && ends(word, &["tjes", "pjes"]) {
        cut(word, 4);
    } else if word.len() > 5 && ends(word, &["tje", "pje", "jes"]) && !word.ends_with("ejes") {
        cut(word, 3);
    } else if word.len() > 4
        && (word.ends_with("je") || word.ends_with("en") && !is_vowel(word.as_bytes()[word.len() - 3]))
    {
        cut(word, 2);
    } else if word.ends_with('e') && !word.ends_with("ee") {
        cut(word, 1);
    }
    if word.len() > 5 && word.ends_with('s') && !is_vowel(word.as_bytes()[word.len() - 2]) && !word.ends_with("ss") {
        cut(word, 1);
    }
    let letters = word.as_bytes();
    if let [.., a, b] = *letters
        && a == b
        && word.len() > 3
        && !is_vowel(a)
    {
        cut(word, 1);
    }
    // At the end of a syllable `v` and `z` are written for `f` and `s`.
    if word.len() > 3 && word.ends_with('v') {
        cut(word, 1);
        word.push('f');
    } else if word.len() > 3 && word.ends_with('z') {
        cut(word, 1);
        word.push('s');
    }
    // A long vowel is written once before one consonant and an ending: schaal, schalen.
    let letters = word.as_bytes();
    if let [.., a, b, last] = *letters
        && a == b
        && matches!(a, b'a' | b'e' | b'o' | b'u')
        && !is_vowel(last)
    {
        let at = word.len() - 2;
        word.remove(at);
    }
}

/// `camisões` and `camisão`, `jornais` and `jornal`, `luvas` and `luva`, `pretas` and `preto` become one.
pub(super) fn portuguese(word: &mut String) {
    if !is_latin(word, 4) {
        return;
    }
    if ends(word, &["oes", "aes"]) {
        cut(word, 3);
        word.push_str("ao");
    } else if word.len() > 4 && ends(word, &["ais", "eis", "ois", "uis"]) {
        cut(word, 2);
        word.push('l');
    } else if word.ends_with("ns") {
        cut(word, 2);
        word.push('m');
    } else if word.len() > 4 && ends(word, &["res", "zes", "ses"]) {
        cut(word, 2);
    } else if word.ends_with('s') && !word.ends_with("ss") {
        cut(word, 1);
    }
    if word.len() > 3 && ends(word, &["a", "o", "e"]) && !word.ends_with("ao") {
        cut(word, 1);
    }
}

/// Takes the first of these endings off that leaves a stem of `letters_min` letters. Whether one was.
fn take_ending(word: &mut String, endings: &[&str], letters_min: usize) -> bool {
    let letters = word.chars().count();
    let ending =
        endings.iter().find(|ending| word.ends_with(**ending) && letters - ending.chars().count() >= letters_min);
    match ending {
        Some(ending) => {
            cut(word, ending.len());
            true
        }
        None => false,
    }
}

fn is_cyrillic(word: &str) -> bool {
    word.chars().count() >= 3 && word.chars().all(|c| matches!(c, 'а'..='я' | 'і' | 'ї' | 'є'))
}

/// A vowel that stands in the genitive plural only: `кроссовок`, `кроссовки`; `чашек`, `чашка`.
fn without_fleeting_vowel(word: &mut String) {
    let letters: Vec<char> = word.chars().collect();
    let [.., before, vowel, 'к'] = letters[..] else { return };
    let consonant = !"аеиіоуыэюяйь".contains(before);
    let fleets = vowel == 'о' && consonant || vowel == 'е' && "жшчщнл".contains(before);
    if letters.len() > 4 && fleets {
        let at = word.len() - 'к'.len_utf8() - vowel.len_utf8();
        word.remove(at);
    }
}

/// Cases, number and gender of Russian nouns and adjectives: `красная` and `красный`, `кроссовок` and `кроссовки`.
pub(super) fn russian(word: &mut String) {
    const LONG: [&str; 37] = [
        "иями", "ями", "ами", "иях", "иям", "его", "ему", "ого", "ому", "ими", "ыми", "ая", "яя", "ях", "ах", "юю",
        "ую", "ою", "ею", "ия", "ию", "ии", "ие", "ий", "ый", "ой", "ей", "ое", "ее", "ые", "ым", "им", "ом", "ем",
        "ых", "их", "ов",
    ];
    const SHORT: [&str; 15] = ["ам", "ям", "ев", "а", "е", "и", "о", "у", "ы", "э", "ю", "я", "ь", "й", "ъ"];
    if !is_cyrillic(word) {
        return;
    }
    if !take_ending(word, &LONG, 3) && !take_ending(word, &SHORT, 3) {
        without_fleeting_vowel(word);
    }
    if word.ends_with("нн") {
        word.pop();
    }
    take_ending(word, &["ь"], 3);
}

/// Cases, number and gender of Ukrainian nouns and adjectives: `чорна` and `чорний`, `кросівок` and `кросівки`, `стіл` and `столи`.
pub(super) fn ukrainian(word: &mut String) {
    const LONG: [&str; 40] = [
        "иями", "ями", "ами", "ого", "ому", "ими", "іми", "ові", "еві", "єві", "ьою", "ою", "ею", "єю", "ією", "ий",
        "ій", "ої", "ую", "юю", "их", "іх", "им", "ім", "ах", "ях", "ам", "ям", "ом", "ем", "єм", "ії", "ія", "ію",
        "ів", "їв", "ьо", "яя", "ая", "ей",
    ];
    const SHORT: [&str; 13] = ["а", "е", "є", "и", "і", "ї", "о", "у", "ю", "я", "ь", "й", "ґ"];
    if !is_cyrillic(word) {
        return;
    }
    if !take_ending(word, &LONG, 3) && !take_ending(word, &SHORT, 3) {
        without_fleeting_vowel(word);
    }
    take_ending(word, &["ь"], 3);
    // In a closed syllable `і` stands for the `о` of the other forms.
    let letters: Vec<char> = word.chars().collect();
    if let [.., 'і', last] = letters[..]
        && !"аеєиіїоуюя".contains(last)
    {
        let at = word.len() - last.len_utf8() - 'і'.len_utf8();
        word.replace_range(at..at + 'і'.len_utf8(), "о");
    }
}
