use record::{InteractionType, Product};
use rustc_hash::FxHashMap;

use super::{Event, History, VisitorId};

/// Gathers a history line by line. Products and visitors get their numbers in the order in which they come.
#[derive(Default)]
pub struct Gathering {
    row_by_id: FxHashMap<String, u32>,
    records: Vec<Product>,
    number_by_visitor: FxHashMap<VisitorId, u32>,
    visitor_ids: Vec<VisitorId>,
    events: Vec<Event>,
}

impl Gathering {
    /// The row of the product of this id, given at its first mention.
    pub fn product(&mut self, id: &str) -> u32 {
        if let Some(&row) = self.row_by_id.get(id) {
            return row;
        }
        let row = self.records.len() as u32;
        self.row_by_id.insert(id.to_owned(), row);
        self.records.push(Product { product_id: id.to_owned(), ..Product::default() });
        row
    }

    /// The record of a product, to be filled in.
    pub fn record(&mut self, product: u32) -> &mut Product {
        &mut self.records[product as usize]
    }

    /// Takes a whole record over, in the place of one of the same id.
    pub fn put(&mut self, record: Product) {
        let row = self.product(&record.product_id);
        self.records[row as usize] = record;
    }

    /// The number of a visitor, given at the first mention.
    pub fn visitor(&mut self, id: VisitorId) -> u32 {
        if let Some(&number) = self.number_by_visitor.get(&id) {
            return number;
        }
        let number = self.visitor_ids.len() as u32;
        self.visitor_ids.push(id.clone());
        self.number_by_visitor.insert(id, number);
        number
    }

    /// Adds an event and gives it back, to be changed. `value` is the type's own number, NaN where absent.
    pub fn event(
        &mut self,
        visitor: VisitorId,
        product: u32,
        time_ms: i64,
        kind: InteractionType,
        value: f32,
    ) -> &mut Event {
        let visitor = self.visitor(visitor);
        self.events.push(Event::new(visitor, product, time_ms, kind, value));
        self.events.last_mut().expect("an event was pushed just now")
    }

    /// The history: its events in time order, those of the same moment in the order in which they came.
    pub fn finish(mut self) -> History {
        self.events.sort_by_key(|event| event.observation.time_ms);
        let bodies: Vec<String> = self.records.iter().map(Product::to_json).collect();
        let features = engine::product_features(bodies.iter().map(|body| Some(body.as_str())));
        History { records: self.records, visitor_ids: self.visitor_ids, events: self.events, features }
    }
}
