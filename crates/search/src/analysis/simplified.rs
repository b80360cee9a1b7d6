use std::sync::LazyLock;

/// Traditional characters, each followed by its simplified form, in lines. Taken from the OpenCC project's table of
/// characters (`TSCharacters.txt`, Apache License 2.0), its first form of each.
const PAIRS: &str = include_str!("simplified.txt");

const FIRST: u32 = 0x3400;
const END: u32 = 0xA000;

static FORMS: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut forms: Box<[u16]> = (FIRST as u16..END as u16).collect();
    let mut characters = PAIRS.chars().filter(|c| !c.is_whitespace()).map(|c| c as u32);
    while let (Some(traditional), Some(form)) = (characters.next(), characters.next()) {
        forms[(traditional - FIRST) as usize] = form as u16;
    }
    forms
});

/// The simplified form of a Chinese character; any other character as it is.
pub(super) fn simplified(c: char) -> char {
    let number = c as u32;
    if !(FIRST..END).contains(&number) {
        return c;
    }
    char::from_u32(u32::from(FORMS[(number - FIRST) as usize])).unwrap_or(c)
}
