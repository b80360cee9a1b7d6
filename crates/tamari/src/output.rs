#![allow(clippy::print_stdout, reason = "the one module that prints: results on stdout, everything else on stderr")]

use std::io::Write;

/// Prints a line of the command's result on stdout. A closed pipe (`tamari … | head`) is no error.
pub(crate) fn result(line: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{line}");
    let _ = stdout.flush();
}

/// Prints a line for the person, beside the result.
pub(crate) fn note(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Prints what may be wrong although the command goes on.
pub(crate) fn warning(line: &str) {
    note(&format!("warning: {line}"));
}

/// Prints why the command ended.
pub(crate) fn error(line: &str) {
    note(&format!("error: {line}"));
}

/// A number with a comma between each three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}
