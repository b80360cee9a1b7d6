/// The words of a text, folded: lower case, without accents, split at everything but letters and digits.
pub(crate) fn words(text: &str) -> Vec<String> {
    todo!("{text}")
}
