//! Properties: there is always a page to begin with; every file is found by its path; names with a hash are immutable.

use super::{FILES, file};

#[test]
fn there_is_always_a_page_to_begin_with() {
    let page = file("index.html").expect("index.html is embedded");
    assert!(page.content_type.starts_with("text/html"));
    assert!(!page.immutable, "the page names the other files, so it must be asked for again");
    assert_eq!(page.gzip[..2], [0x1f, 0x8b]);
}

#[test]
fn every_file_is_found_by_its_path() {
    for wanted in FILES {
        assert_eq!(file(wanted.path).expect("it is in the table").path, wanted.path);
        assert_eq!(wanted.immutable, wanted.path.starts_with("assets/"));
    }
    assert!(file("../index.html").is_none());
    assert!(file("").is_none());
}
