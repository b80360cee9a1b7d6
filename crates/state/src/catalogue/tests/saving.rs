use crate::sections::{SectionReader, SectionWriter, Source};

use super::{Catalogue, ProductRow, check, product, put, saved, shop};
use serde_json::json;

#[test]
fn a_snapshot_gives_back_rows_groups_and_records() {
    let mut catalogue = shop();
    catalogue.intern("mentioned");
    let group_row = catalogue.intern_group("elsewhere");
    let gone = catalogue.intern("gone");
    catalogue.forget(&[gone]);
    catalogue.delete("p1");
    catalogue.intern("last");
    let mut reopened = saved(&catalogue);
    assert_eq!(reopened.rows(), catalogue.rows());
    for row in (0..catalogue.rows()).map(ProductRow) {
        assert_eq!(reopened.id(row), catalogue.id(row));
        assert_eq!(reopened.body(row), catalogue.body(row));
        assert_eq!(reopened.group(row), catalogue.group(row));
        assert_eq!(reopened.group_of_group_row(row), catalogue.group_of_group_row(row));
    }
    assert_eq!(reopened.live(), catalogue.live());
    assert_eq!(reopened.in_stock(), catalogue.in_stock());
    assert_eq!(reopened.offered(), catalogue.offered());
    assert_eq!(reopened.attribute_types(), catalogue.attribute_types());
    assert_eq!(reopened.intern_group("elsewhere"), group_row);
    assert_eq!(reopened.group_named("shoe"), catalogue.group_named("shoe"));
    check(&reopened, "brand:Nike", &["p0"]);
    put(&mut reopened, &product(json!({"product_id": "p0", "brand": "Puma"})));
    check(&reopened, "brand:Nike", &[]);
}

#[test]
fn an_empty_catalogue_is_saved_too() {
    assert_eq!(saved(&Catalogue::default()).rows(), 0);
}

#[test]
fn what_interactions_name_is_offered_until_there_is_a_record_also_after_a_snapshot() {
    let mut catalogue = Catalogue::default();
    let [a, b, gone] = ["a", "b", "gone"].map(|id| catalogue.intern(id));
    catalogue.intern_group("group");
    catalogue.forget(&[gone]);
    let offered = |catalogue: &Catalogue| catalogue.offered().iter().collect::<Vec<u32>>();
    for mut catalogue in [saved(&catalogue), catalogue] {
        assert_eq!(offered(&catalogue), [a.0, b.0]);
        assert_eq!(catalogue.in_stock().len(), 0);
        put(&mut catalogue, &product(json!({"product_id": "b"})));
        assert_eq!(offered(&catalogue), [b.0]);
        catalogue.delete("b");
        catalogue.intern("c");
        for catalogue in [saved(&catalogue), catalogue] {
            assert_eq!(offered(&catalogue).len(), 0, "a catalogue that was emptied is a catalogue");
        }
    }
}

/// The fault of a section that `write` wrote with fitting checksums.
fn fault(write: impl FnOnce(&mut SectionWriter<'_>) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    let mut section = SectionWriter::begin(&mut bytes, *b"TEST").unwrap();
    write(&mut section).unwrap();
    section.finish().unwrap();
    let mut input = &bytes[..];
    let mut source = Source::new(&mut input);
    let mut section = SectionReader::begin(&mut source, *b"TEST").unwrap();
    Catalogue::load(&mut section).err().expect("it is refused").to_string()
}

#[test]
fn a_section_that_no_catalogue_wrote_is_refused() {
    let record = |out: &mut SectionWriter<'_>, id: &str, body: &str| {
        out.u32(0)?;
        out.u32(1)?;
        out.u8(2)?;
        out.text(id)?;
        out.text(body)?;
        out.u8(1)
    };
    assert!(fault(|out| record(out, "p0", "{}")).contains("no product"));
    assert!(fault(|out| record(out, "p0", r#"{"product_id":"p1"}"#)).contains("another id"));
    assert!(fault(|out| out.u32(5)).contains("too early"));
    let group_row = |out: &mut SectionWriter<'_>| {
        out.u32(0)?;
        out.u32(1)?;
        out.u8(3)?;
        out.u32(7)
    };
    assert!(fault(group_row).contains("a group"));
    let twice = |out: &mut SectionWriter<'_>| {
        out.u32(0)?;
        out.u32(2)?;
        for _ in 0..2 {
            out.u8(1)?;
            out.text("p0")?;
        }
        Ok(())
    };
    assert!(fault(twice).contains("one id"));
    assert!(
        fault(|out| {
            out.u32(0)?;
            out.u32(1)?;
            out.u8(9)
        })
        .contains("no known kind")
    );
}
