use std::ops::{Index, IndexMut};

/// Elements of a page.
const PAGE: usize = 4_096;

/// A list that grows by pages: it never moves what it holds, and its slack is less than one page, where a `Vec` of ten
/// million visitors would copy itself and stand half empty.
pub(super) struct Pages<T> {
    pages: Vec<Vec<T>>,
    length: u32,
}

impl<T> Default for Pages<T> {
    fn default() -> Pages<T> {
        Pages { pages: Vec::new(), length: 0 }
    }
}

impl<T> Pages<T> {
    pub(super) fn len(&self) -> u32 {
        self.length
    }

    pub(super) fn push(&mut self, element: T) {
        match self.pages.last_mut() {
            Some(page) if page.len() < PAGE => page.push(element),
            last => {
                // The first page grows from small, because most environments of tests and trials stay small.
                let mut page = Vec::with_capacity(if last.is_some() { PAGE } else { 1 });
                page.push(element);
                self.pages.push(page);
            }
        }
        self.length += 1;
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flatten()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.pages.iter().map(|page| page.capacity() * size_of::<T>() + size_of::<Vec<T>>()).sum()
    }
}

impl<T> Index<u32> for Pages<T> {
    type Output = T;

    fn index(&self, index: u32) -> &T {
        let index = index as usize;
        &self.pages[index / PAGE][index % PAGE]
    }
}

impl<T> IndexMut<u32> for Pages<T> {
    fn index_mut(&mut self, index: u32) -> &mut T {
        let index = index as usize;
        &mut self.pages[index / PAGE][index % PAGE]
    }
}
