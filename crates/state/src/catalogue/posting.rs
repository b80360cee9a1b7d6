use roaring::RoaringBitmap;

/// Rows up to which a sorted list is smaller than a bitmap, whose frame alone takes some 200 bytes.
const FEW_MAX: usize = 32;

/// The rows that hold one value. Most values of a catalogue (titles, addresses, ids) belong to one product, so that
/// case takes no memory of its own.
pub(super) enum Posting {
    One(u32),
    /// Two or more, rising.
    #[allow(clippy::box_collection, reason = "16 bytes for the whole enum, of which there is one a value")]
    Few(Box<Vec<u32>>),
    Many(Box<RoaringBitmap>),
}

impl Posting {
    pub(super) fn insert(&mut self, row: u32) {
        match self {
            Posting::One(only) if *only == row => {}
            Posting::One(only) => *self = Posting::Few(Box::new(vec![row.min(*only), row.max(*only)])),
            Posting::Few(rows) => {
                let Err(place) = rows.binary_search(&row) else { return };
                if rows.len() < FEW_MAX {
                    rows.insert(place, row);
                    return;
                }
                let mut bitmap: RoaringBitmap = rows.iter().copied().collect();
                bitmap.insert(row);
                *self = Posting::Many(Box::new(bitmap));
            }
            Posting::Many(rows) => {
                rows.insert(row);
            }
        }
    }

    /// Takes `row` out; returns whether none is left. Then the posting must be dropped.
    pub(super) fn remove(&mut self, row: u32) -> bool {
        match self {
            Posting::One(only) => *only == row,
            Posting::Few(rows) => {
                if let Ok(place) = rows.binary_search(&row) {
                    rows.remove(place);
                }
                if let [only] = rows[..] {
                    *self = Posting::One(only);
                }
                false
            }
            Posting::Many(rows) => {
                rows.remove(row);
                rows.is_empty()
            }
        }
    }

    pub(super) fn first(&self) -> Option<u32> {
        match self {
            Posting::One(row) => Some(*row),
            Posting::Few(rows) => rows.first().copied(),
            Posting::Many(rows) => rows.min(),
        }
    }

    /// The rows in rising order.
    pub(super) fn to_vec(&self) -> Vec<u32> {
        match self {
            Posting::One(row) => vec![*row],
            Posting::Few(rows) => rows.to_vec(),
            Posting::Many(rows) => rows.iter().collect(),
        }
    }

    /// Adds those rows that are in `within` to `found`.
    pub(super) fn add_to(&self, found: &mut RoaringBitmap, within: &RoaringBitmap) {
        let mut add = |row: u32| {
            if within.contains(row) {
                found.insert(row);
            }
        };
        match self {
            Posting::One(row) => add(*row),
            Posting::Few(rows) => rows.iter().copied().for_each(add),
            Posting::Many(rows) => *found |= &**rows & within,
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> u64 {
        match self {
            Posting::One(_) => 1,
            Posting::Few(rows) => rows.len() as u64,
            Posting::Many(rows) => rows.len(),
        }
    }

    /// How many rows are in `within`.
    pub(super) fn count(&self, within: &RoaringBitmap) -> u64 {
        match self {
            Posting::One(row) => u64::from(within.contains(*row)),
            Posting::Few(rows) => rows.iter().filter(|&&row| within.contains(row)).count() as u64,
            Posting::Many(rows) => rows.intersection_len(within),
        }
    }

    /// Bytes beyond the enum itself.
    pub(super) fn heap_bytes(&self) -> usize {
        match self {
            Posting::One(_) => 0,
            Posting::Few(rows) => 24 + rows.capacity() * 4,
            Posting::Many(rows) => bitmap_bytes(rows),
        }
    }
}

/// An estimate of a bitmap's memory: its content, and the frames of its containers.
pub(super) fn bitmap_bytes(bitmap: &RoaringBitmap) -> usize {
    let containers = bitmap.max().map_or(0, |max| (max >> 16) as usize + 1);
    24 + bitmap.serialized_size() + containers * 40
}
