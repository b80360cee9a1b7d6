use std::io::BufRead;
use std::path::Path;

use record::Product;

use crate::history::HistoryFault;
use crate::history::read;

/// The products of a shop, as records of the API.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    products: Vec<Product>,
}

impl Catalogue {
    /// Reads a file of JSON Lines, one record of the API each, gzipped where its name ends in `.gz`.
    ///
    /// # Errors
    /// [`HistoryFault`] with file and line.
    pub fn read(path: &Path) -> Result<Catalogue, HistoryFault> {
        let mut products = Vec::new();
        for (index, line) in read::open(path)?.lines().enumerate() {
            let line = line.map_err(|error| HistoryFault::Io { path: path.to_owned(), error })?;
            if line.trim().is_empty() {
                continue;
            }
            let product = Product::from_json(&line).map_err(|error| HistoryFault::Value {
                path: path.to_owned(),
                line: index as u64 + 1,
                message: format!("this is no product: {error}"),
            })?;
            products.push(product);
        }
        Ok(Catalogue { products })
    }

    /// These products.
    pub fn of(products: Vec<Product>) -> Catalogue {
        Catalogue { products }
    }

    /// In the order of the file.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// All that is written of each product, in the order of the file: one text for those who know no fields.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.products.iter().map(|product| {
            let mut text = String::new();
            let told = [&product.title, &product.subtitle, &product.brand, &product.description, &product.html];
            told.into_iter().flatten().for_each(|part| text.extend([part.as_str(), " "]));
            text.extend(product.categories.iter().flatten().flatten().flat_map(|level| [level.as_str(), " "]));
            text.extend(product.tags.iter().flatten().flat_map(|tag| [tag.as_str(), " "]));
            for value in product.custom_attributes.iter().flat_map(|attributes| attributes.values()) {
                text.extend([value.to_string().as_str(), " "]);
            }
            text
        })
    }

    /// The ids of the products at these places.
    pub fn ids(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|place| self.products[*place].product_id.clone()).collect()
    }
}
