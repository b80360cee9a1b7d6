/// What an edit costs that nothing speaks for.
const EDIT: f32 = 1.0;
/// Two letters in the wrong order: fingers do that.
const TRANSPOSITION: f32 = 0.7;
/// A letter twice or once too few: `appple`, `batery`.
const DOUBLING: f32 = 0.6;
/// A key beside the right one.
const NEIGHBOUR_KEY: f32 = 0.75;
/// Letters that sound alike.
const LIKE_SOUND: f32 = 0.75;
/// Letters that spell the same sound: `foto` for `photo`.
const LIKE_SPELLING: f32 = 0.85;
/// A letter left out: the commonest of slips, and there are as many ways to it as the word has letters, where a letter may be replaced
/// by or put in as any.
const OMISSION: f32 = 0.75;
/// A key hit beside the right one, and that one too.
const GRAZED_KEY: f32 = 0.9;
/// A letter in the place of one with which it has nothing in common.
const STRANGE: f32 = 1.15;
/// The first letter is seldom wrong.
const FIRST_LETTER: f32 = 0.4;

/// The dearest correction that a word of so many characters may have.
pub(super) fn cost_max(chars: usize) -> f32 {
    match chars {
        0..=3 => 1.0,
        4 => 1.5,
        5..=7 => 2.0,
        _ => 2.4,
    }
}

/// Edits, however cheap, that a correction of this cost may have at most.
pub(super) fn edits_max(cost_max: f32) -> usize {
    if cost_max < 1.2 { 1 } else { 2 }
}

/// Longest words that are compared.
pub(super) const CHARS_MAX: usize = 32;

/// What it costs to take `typed` for a slip of `meant`: 0 for equal words; `None` above `cost_max`.
///
/// Optimal string alignment (insertion, deletion, substitution, transposition of neighbours) with costs by how hands and
/// ears err. O(characters squared).
pub(super) fn cost(typed: &[char], meant: &[char], cost_max: f32) -> Option<f32> {
    if typed.len() > CHARS_MAX || meant.len() > CHARS_MAX {
        return None;
    }
    let mut rows = [[0.0f32; CHARS_MAX + 1]; 3];
    for (place, cell) in rows[1][..=meant.len()].iter_mut().enumerate() {
        *cell = place as f32 * OMISSION;
    }
    let mut meant_two = [0u16; CHARS_MAX];
    for (place, pair) in meant.windows(2).enumerate() {
        meant_two[place + 1] = two_letters(pair[0], pair[1]);
    }
    for (at, letter) in typed.iter().enumerate() {
        let one = one_letter(*letter);
        let two = if at > 0 { two_letters(typed[at - 1], *letter) } else { 0 };
        let (before, here, next) = (at % 3, (at + 1) % 3, (at + 2) % 3);
        let mut least = (at + 1) as f32 * EDIT;
        rows[next][0] = least;
        for (place, other) in meant.iter().enumerate() {
            let first = if at == 0 && place == 0 { FIRST_LETTER } else { 0.0 };
            let same = rows[here][place] + if letter == other { 0.0 } else { substitution(*letter, *other) + first };
            let begins = |at: usize| if at == 0 { FIRST_LETTER } else { 0.0 };
            let inserted = rows[here][place + 1] + insertion(typed, at) + begins(at);
            let omitted = rows[next][place] + omission(meant, place) + begins(place);
            let mut best = same.min(inserted).min(omitted);
            if at > 0 && place > 0 && *letter == meant[place - 1] && typed[at - 1] == *other && letter != other {
                best = best.min(rows[before][place - 1] + TRANSPOSITION);
            }
            // Two letters stand for what was two rows or places before, one for what was one before.
            if two & meant_two[place] != 0 {
                best = best.min(rows[before][place - 1] + LIKE_SPELLING);
            }
            if two & one_letter(*other) != 0 {
                best = best.min(rows[before][place] + LIKE_SPELLING);
            }
            if one & meant_two[place] != 0 {
                best = best.min(rows[here][place - 1] + LIKE_SPELLING);
            }
            rows[next][place + 1] = best;
            least = least.min(best);
        }
        // Not the last row: a transposition may still come from the one before.
        if least > cost_max + EDIT {
            return None;
        }
    }
    let cost = rows[(typed.len() + 1) % 3][meant.len()];
    (cost <= cost_max + 1e-4).then_some(cost)
}

/// The sounds that two letters may spell, as bits that they share with what else spells them.
fn two_letters(a: char, b: char) -> u16 {
    match (a, b) {
        ('p', 'h') => 1,
        ('c', 'k') => 1 << 1,
        ('c', 'h') => 1 << 1 | 1 << 2 | 1 << 3,
        ('s', 'h') => 1 << 2,
        ('q', 'u') => 1 << 1 | 1 << 3 | 1 << 4,
        ('k', 'w') => 1 << 4,
        ('t', 'z') => 1 << 6,
        ('g', 'h') => 1 << 7,
        ('e', 'e' | 'a') | ('i', 'e') => 1 << 8,
        ('o', 'o' | 'u') => 1 << 9,
        ('a' | 'e', 'i') => 1 << 10,
        ('e', 'r') | ('r', 'e') => 1 << 11,
        ('т', 'с') => 1 << 12,
        ('ш', 'ч') => 1 << 13,
        _ => 0,
    }
}

/// The same of one letter.
fn one_letter(a: char) -> u16 {
    match a {
        'f' => 1,
        'k' => 1 << 1,
        'z' => 1 << 6,
        'g' => 1 << 7,
        'i' => 1 << 8,
        'u' => 1 << 9,
        'ц' => 1 << 12,
        'щ' => 1 << 13,
        _ => 0,
    }
}

fn insertion(typed: &[char], at: usize) -> f32 {
    let doubled = at > 0 && typed[at - 1] == typed[at];
    let beside = |other: Option<&char>| other.is_some_and(|other| are_neighbours(typed[at], *other));
    if doubled {
        DOUBLING
    } else if (at > 0 && beside(typed.get(at - 1))) || beside(typed.get(at + 1)) {
        GRAZED_KEY
    } else {
        EDIT
    }
}

fn omission(meant: &[char], place: usize) -> f32 {
    let doubled = place > 0 && meant[place - 1] == meant[place] || meant.get(place + 1) == Some(&meant[place]);
    if doubled { DOUBLING } else { OMISSION }
}

fn substitution(typed: char, meant: char) -> f32 {
    if sound_alike(typed, meant) {
        LIKE_SOUND
    } else if are_neighbours(typed, meant) {
        NEIGHBOUR_KEY
    } else {
        STRANGE
    }
}

fn sound_alike(a: char, b: char) -> bool {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    const PAIRS: [(char, char); 21] = [
        ('c', 'k'),
        ('c', 's'),
        ('s', 'z'),
        ('d', 't'),
        ('b', 'p'),
        ('g', 'j'),
        ('f', 'v'),
        ('v', 'w'),
        ('m', 'n'),
        ('k', 'q'),
        ('g', 'k'),
        ('о', 'а'),
        ('е', 'и'),
        ('и', 'й'),
        ('і', 'и'),
        ('ш', 'щ'),
        ('д', 'т'),
        ('б', 'п'),
        ('г', 'к'),
        ('з', 'с'),
        ('в', 'ф'),
    ];
    vowel(a) && vowel(b) || PAIRS.iter().any(|(one, other)| (*one, *other) == (a, b) || (*one, *other) == (b, a))
}

/// Whether the keys touch on a QWERTY or, for Cyrillic letters, a ЙЦУКЕН keyboard.
fn are_neighbours(a: char, b: char) -> bool {
    const LATIN: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    const CYRILLIC: [&str; 3] = ["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"];
    const UKRAINIAN: [&str; 3] = ["йцукенгшщзхї", "фівапролджє", "ячсмитьбю"];
    if a.is_ascii() && b.is_ascii() {
        return touch(&LATIN, a, b);
    }
    !a.is_ascii() && !b.is_ascii() && (touch(&CYRILLIC, a, b) || touch(&UKRAINIAN, a, b))
}

fn touch(keyboard: &[&str; 3], a: char, b: char) -> bool {
    let place = |c: char| {
        let of_row = |(row, keys): (usize, &&str)| {
            keys.chars().position(|key| key == c).map(|column| (row as i32, column as i32))
        };
        keyboard.iter().enumerate().find_map(of_row)
    };
    let (Some((row_a, column_a)), Some((row_b, column_b))) = (place(a), place(b)) else { return false };
    match row_a - row_b {
        0 => (column_a - column_b).abs() == 1,
        // Each row is half a key to the right of the one above.
        -1 => column_a - column_b == 0 || column_a - column_b == 1,
        1 => column_b - column_a == 0 || column_b - column_a == 1,
        _ => false,
    }
}
