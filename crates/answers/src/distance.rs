/// The edits (a letter more, less, another, or two swapped) between two words, up to `most`; `None` where there are more.
///
/// The optimal string alignment distance, in O(letters · most).
pub(crate) fn within(left: &[char], right: &[char], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let row = rows(left, right, most)?;
    row.last().copied().filter(|&distance| distance <= most)
}

/// As [`within`], between `start` and the beginning of `word` that is nearest to it.
pub(crate) fn of_beginning(start: &[char], word: &[char], most: usize) -> Option<usize> {
    if start.len() > word.len() + most {
        return None;
    }
    let word = &word[..word.len().min(start.len() + most)];
    let row = rows(start, word, most)?;
    row.into_iter().min().filter(|&distance| distance <= most)
}

/// The last row of the table: the distances of `left` to every beginning of `right`.
fn rows(left: &[char], right: &[char], most: usize) -> Option<Vec<usize>> {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, &a) in left.iter().enumerate() {
        let mut row = Vec::with_capacity(right.len() + 1);
        row.push(i + 1);
        for (j, &b) in right.iter().enumerate() {
            let mut least = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a == right[j - 1] && left[i - 1] == b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().min().is_some_and(|&least| least > most) && above.iter().min().is_some_and(|&least| least > most)
        {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    Some(above)
}

/// The edits that a word of so many letters may have: none in a short one, as chance would make it another.
pub(crate) fn allowed(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn every_single_edit_counts_one() {
        for other in ["pythn", "pythoon", "pithon", "pyhton", "ython"] {
            assert_eq!(within(&chars("python"), &chars(other), 2), Some(1), "{other}");
        }
        assert_eq!(within(&chars("python"), &chars("python"), 0), Some(0));
        assert_eq!(within(&chars("python"), &chars("wyvern"), 2), None);
        assert_eq!(within(&[], &chars("ab"), 2), Some(2));
    }

    #[test]
    fn a_beginning_may_be_misspelt_too() {
        assert_eq!(of_beginning(&chars("pyth"), &chars("python"), 1), Some(0));
        assert_eq!(of_beginning(&chars("phyt"), &chars("python"), 1), Some(1));
        assert_eq!(of_beginning(&chars("python3"), &chars("python"), 1), Some(1));
        assert_eq!(of_beginning(&chars("wxyz"), &chars("python"), 1), None);
    }
}
