use std::f64::consts::TAU;

use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use record::{Interaction, InteractionType, SearchInformation, Time};

use super::DAYS;
use super::catalogue::Catalogue;
use super::draw::{chance, lognormal, normal, pick, source, weighted};
use super::people::Visitor;
use super::shelves::SHELVES;
use super::words::{BRANDS, COLOURS, STYLES, Season};

/// Visitors whose last session is going on at `now`.
const VISITORS_NOW: usize = 24;

/// How busy each hour of the day is (UTC).
const HOURS: [f64; 24] = [
    0.5, 0.3, 0.2, 0.15, 0.2, 0.4, 0.8, 1.2, 1.4, 1.5, 1.6, 1.7, 1.9, 1.6, 1.5, 1.5, 1.6, 1.9, 2.3, 2.7, 2.9, 2.5, 1.7,
    0.9,
];

/// What the visitors did, in time order.
pub(super) fn record(seed: u64, now: Time, catalogue: &Catalogue, visitors: &[Visitor]) -> Vec<Interaction> {
    let rng = &mut source(seed, 3);
    let calendar = Calendar::new(now, catalogue);
    let mut log = Vec::with_capacity(256 * 1024);
    for (number, visitor) in visitors.iter().enumerate() {
        let mut starts: Vec<i64> =
            (0..draw_sessions(rng, visitor)).map(|_| calendar.moment(rng, visitor.first_day)).collect();
        if number % (visitors.len() / VISITORS_NOW).max(1) == 0 {
            starts.push(now.0 - rng.random_range(3..40) * 60_000);
        }
        starts.sort_unstable();
        let mut memory = Memory::default();
        for (at, start) in starts.into_iter().enumerate() {
            let mut session =
                Session { visitor, catalogue, calendar: &calendar, number: at, time: start, log: &mut log };
            session.run(rng, &mut memory);
        }
    }
    log.retain(|interaction| interaction.timestamp.is_some_and(|time| time < now));
    log.sort_by_key(|interaction| interaction.timestamp);
    log
}

/// Poisson-like: the expected number, rounded up or down by chance, and at least one.
fn draw_sessions(rng: &mut Pcg64Mcg, visitor: &Visitor) -> usize {
    let share_of_time = (DAYS - visitor.first_day) as f64 / DAYS as f64;
    ((visitor.sessions * (0.35 + 0.65 * share_of_time) + rng.random::<f64>()) as usize).max(1)
}

/// What differs from day to day: how many come, what is in season, what is rising.
struct Calendar {
    now: Time,
    visits_by_day: Vec<f64>,
    /// For each day and shelf.
    season: Vec<f64>,
    /// For each day and group.
    appeal: Vec<f64>,
    groups: usize,
}

impl Calendar {
    fn new(now: Time, catalogue: &Catalogue) -> Calendar {
        let mut calendar = Calendar {
            now,
            visits_by_day: Vec::with_capacity(DAYS),
            season: Vec::with_capacity(DAYS * SHELVES.len()),
            appeal: Vec::with_capacity(DAYS * catalogue.groups.len()),
            groups: catalogue.groups.len(),
        };
        for day in 0..DAYS {
            let days_ago = (DAYS - 1 - day) as f64;
            let epoch_day = calendar.start_of(day).div_euclid(Time::DAY_MS);
            // 1970-01-01 was a Thursday.
            let weekend = matches!((epoch_day + 4).rem_euclid(7), 0 | 6);
            calendar.visits_by_day.push((1.0 + 0.4 * day as f64 / DAYS as f64) * if weekend { 1.35 } else { 1.0 });
            let share_of_year = (epoch_day as f64 / 365.2425).fract();
            calendar.season.extend(SHELVES.iter().map(|shelf| in_season(shelf.season, share_of_year)));
            calendar.appeal.extend(catalogue.groups.iter().map(|group| {
                if group.age_days < days_ago {
                    return 0.0;
                }
                // A trend begins some two weeks ago and doubles every few days.
                group.appeal * (group.trend * (1.0 - days_ago / 14.0).max(0.0)).exp()
            }));
        }
        calendar
    }

    /// The first moment of a day of the log; the last day ends at `now`.
    fn start_of(&self, day: usize) -> i64 {
        self.now.0 - (DAYS - day) as i64 * Time::DAY_MS
    }

    fn day_of(&self, time: i64) -> usize {
        let days_ago = (self.now.0 - time).max(0) / Time::DAY_MS;
        (DAYS - 1).saturating_sub(days_ago as usize)
    }

    /// A moment at which a session begins, on the first day or later.
    fn moment(&self, rng: &mut Pcg64Mcg, first_day: usize) -> i64 {
        let day = first_day + weighted(rng, self.visits_by_day[first_day..].iter().copied());
        let midnight = (self.start_of(day) + Time::DAY_MS / 2).div_euclid(Time::DAY_MS) * Time::DAY_MS;
        let hour = weighted(rng, HOURS.iter().copied()) as i64;
        let time = midnight + hour * 3_600_000 + rng.random_range(0..3_600_000);
        // The days of the log end at the hour of `now`, so that an evening of the last one may lie ahead: it was a day ago.
        if time >= self.now.0 { time - Time::DAY_MS } else { time }
    }
}

fn in_season(season: Season, share_of_year: f64) -> f64 {
    let around = |peak: f64, height: f64| 1.0 + height * (TAU * (share_of_year - peak)).cos();
    match season {
        Season::Always => 1.0,
        Season::Spring => around(0.3, 0.5),
        Season::Summer => around(0.52, 0.7),
        Season::Winter => around(0.02, 0.6),
        // Narrow: the holidays are the last weeks of a year.
        Season::Gifts => 0.8 + 1.4 * (-((share_of_year - 0.95) / 0.05).powi(2)).exp(),
    }
}

/// What a visitor carries from one session to the next, as places among the groups.
#[derive(Default)]
struct Memory {
    viewed: Vec<usize>,
    bought: Vec<usize>,
}

/// One stay in the shop.
struct Session<'a> {
    visitor: &'a Visitor,
    catalogue: &'a Catalogue,
    calendar: &'a Calendar,
    number: usize,
    /// Moves on with every step.
    time: i64,
    log: &'a mut Vec<Interaction>,
}

impl Session<'_> {
    fn run(&mut self, rng: &mut Pcg64Mcg, memory: &mut Memory) {
        let mut cart: Vec<usize> = Vec::new();
        if chance(rng, 0.45) {
            let duration = lognormal(rng, 9.0, 0.6);
            self.add(InteractionType::HomePageView, |log| log.duration = Some(seconds(duration)));
            self.wait(rng, duration);
        }
        let pages = 1 + usize::from(chance(rng, 0.5)) + usize::from(chance(rng, 0.25));
        for page in 0..pages {
            let wanted = memory.bought.last().copied().filter(|_| page == 0 && chance(rng, 0.3));
            self.visit_page(rng, memory, &mut cart, wanted);
        }
        if !cart.is_empty() && chance(rng, 0.12) {
            let group = cart.swap_remove(rng.random_range(0..cart.len()));
            self.on_product(InteractionType::RemoveFromCart, group, |_| ());
            self.wait(rng, 10.0);
        }
        if !cart.is_empty() && chance(rng, self.visitor.resolve) {
            self.check_out(rng, &cart);
            memory.bought.extend(&cart);
        }
    }

    /// Goes to a shelf, sees what is there, looks closer at some of it, and perhaps takes it.
    fn visit_page(&mut self, rng: &mut Pcg64Mcg, memory: &mut Memory, cart: &mut Vec<usize>, wanted: Option<usize>) {
        let shelf = self.choose_shelf(rng, wanted);
        let shown = self.choose_groups(rng, shelf, memory, wanted);
        if shown.is_empty() {
            return;
        }
        self.arrive(rng, shelf, shown[0]);
        if chance(rng, 0.6) {
            let products = shown.iter().map(|group| self.product_id(*group)).collect();
            self.add(InteractionType::Impression, |log| log.product_ids = products);
            self.wait(rng, 4.0);
        }
        let views = (1 + usize::from(chance(rng, 0.6)) + usize::from(chance(rng, 0.35))).min(shown.len());
        for group in &shown[..views] {
            self.view(rng, *group);
            memory.viewed.push(*group);
            let liking = self.visitor.liking(&self.catalogue.groups[*group]);
            self.react(rng, *group, liking);
            if chance(rng, (0.075 * liking.sqrt()).min(0.4)) && !cart.contains(group) {
                self.take(rng, *group, cart);
            }
        }
    }

    /// Puts a product into the cart, and often one that goes with it.
    fn take(&mut self, rng: &mut Pcg64Mcg, group: usize, cart: &mut Vec<usize>) {
        self.on_product(InteractionType::AddToCart, group, |log| log.quantities = vec![1.0]);
        cart.push(group);
        self.wait(rng, 20.0);
        let companions = &self.catalogue.groups[group].companions;
        if companions.is_empty() || !chance(rng, 0.45) {
            return;
        }
        let companion = *pick(rng, companions);
        if cart.contains(&companion) || self.appeal(companion) == 0.0 {
            return;
        }
        self.view(rng, companion);
        if chance(rng, 0.65) {
            self.on_product(InteractionType::AddToCart, companion, |log| log.quantities = vec![1.0]);
            cart.push(companion);
            self.wait(rng, 15.0);
        }
    }

    fn choose_shelf(&self, rng: &mut Pcg64Mcg, wanted: Option<usize>) -> usize {
        let companions = wanted.map(|bought| &self.catalogue.groups[bought].companions).filter(|all| !all.is_empty());
        if let Some(companions) = companions {
            return self.catalogue.groups[*pick(rng, companions)].shelf;
        }
        let day = self.calendar.day_of(self.time);
        let season = &self.calendar.season[day * SHELVES.len()..(day + 1) * SHELVES.len()];
        if chance(rng, 0.14) {
            return weighted(rng, season.iter().copied());
        }
        let interests = &self.visitor.interests;
        interests[weighted(rng, interests.iter().map(|(shelf, weight)| weight * season[*shelf]))].0
    }

    /// Up to six groups of a shelf, the likeliest to be looked at first.
    fn choose_groups(&self, rng: &mut Pcg64Mcg, shelf: usize, memory: &Memory, wanted: Option<usize>) -> Vec<usize> {
        let companions = wanted.map(|bought| self.catalogue.groups[bought].companions.as_slice()).unwrap_or_default();
        let mut drawn: Vec<(f64, usize)> = Catalogue::on_shelf(shelf)
            .filter(|group| self.appeal(*group) > 0.0 && !memory.bought.contains(group))
            .map(|group| {
                let known = if memory.viewed.contains(&group) { 1.8 } else { 1.0 };
                let companion = if companions.contains(&group) { 6.0 } else { 1.0 };
                let weight =
                    self.appeal(group) * self.visitor.liking(&self.catalogue.groups[group]) * known * companion;
                // The smallest of exponential times with these rates come first: a weighted draw without replacement.
                (-(1.0 - rng.random::<f64>()).ln() / weight, group)
            })
            .collect();
        drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
        drawn.truncate(6);
        drawn.into_iter().map(|(_, group)| group).collect()
    }

    fn appeal(&self, group: usize) -> f64 {
        self.calendar.appeal[self.calendar.day_of(self.time) * self.calendar.groups + group]
    }

    /// By search or by the category's page.
    fn arrive(&mut self, rng: &mut Pcg64Mcg, shelf: usize, best: usize) {
        let (department, name) = (SHELVES[shelf].department, SHELVES[shelf].name);
        if chance(rng, 0.5) {
            let keywords = self.keywords(rng, shelf, best);
            self.add(InteractionType::Search, |log| {
                log.search = Some(SearchInformation { keywords: Some(keywords), filters: None });
            });
            self.wait(rng, 3.0);
        } else {
            let duration = lognormal(rng, 14.0, 0.6);
            self.add(InteractionType::CategoryPageView, |log| {
                log.category = vec![department.to_owned(), name.to_owned()];
                log.duration = Some(seconds(duration));
            });
            self.wait(rng, duration);
        }
    }

    fn keywords(&self, rng: &mut Pcg64Mcg, shelf: usize, best: usize) -> String {
        let group = &self.catalogue.groups[best];
        let noun = if SHELVES[shelf].department == "Books" { SHELVES[shelf].name } else { group.noun };
        let words = match rng.random_range(0..10) {
            0..3 => noun.to_owned(),
            3..5 => SHELVES[shelf].name.to_owned(),
            5..7 => format!("{} {noun}", BRANDS[group.brand].0),
            7 => format!("{} {noun}", COLOURS[self.visitor.colour].0),
            8 => format!("{} {noun}", STYLES[self.visitor.style]),
            _ => BRANDS[group.brand].0.to_owned(),
        };
        let mut letters: Vec<char> = words.to_lowercase().chars().collect();
        if chance(rng, 0.04) && letters.len() > 4 {
            // A slip of the finger: two letters change places.
            let at = rng.random_range(1..letters.len() - 1);
            letters.swap(at, at - 1);
        }
        letters.into_iter().collect()
    }

    fn view(&mut self, rng: &mut Pcg64Mcg, group: usize) {
        let liking = self.visitor.liking(&self.catalogue.groups[group]);
        let duration = lognormal(rng, 16.0 * liking.sqrt().min(3.0), 0.9).clamp(1.0, 900.0);
        self.on_product(InteractionType::ProductDetailPageView, group, |log| log.duration = Some(seconds(duration)));
        self.wait(rng, duration);
    }

    /// Hearts and lists.
    fn react(&mut self, rng: &mut Pcg64Mcg, group: usize, liking: f64) {
        let share = (0.022 * liking).min(0.12);
        for (kind, share) in [(InteractionType::Like, share), (InteractionType::AddToCollection, 0.7 * share)] {
            if chance(rng, share) {
                self.on_product(kind, group, |_| ());
                self.wait(rng, 3.0);
            }
        }
    }

    fn check_out(&mut self, rng: &mut Pcg64Mcg, cart: &[usize]) {
        self.wait(rng, 60.0);
        let quantities: Vec<f64> = cart.iter().map(|_| if chance(rng, 0.12) { 2.0 } else { 1.0 }).collect();
        let prices = cart.iter().map(|group| {
            let product =
                &self.catalogue.products[self.visitor.variant(self.catalogue, &self.catalogue.groups[*group])];
            product.sale_price.unwrap_or_default()
        });
        let revenue: f64 = prices.zip(&quantities).map(|(price, quantity)| price * quantity).sum();
        let products = cart.iter().map(|group| self.product_id(*group)).collect();
        self.add(InteractionType::Checkout, |log| {
            log.product_ids = products;
            log.quantities = quantities;
            log.revenue = Some((revenue * 100.0).round() / 100.0);
        });
        let paid_at = self.time;
        for group in cart {
            self.time = paid_at + rng.random_range(3 * Time::DAY_MS..14 * Time::DAY_MS);
            let quality = self.catalogue.groups[*group].quality;
            if chance(rng, (0.04 * (5.0 - quality)).max(0.02)) {
                self.on_product(InteractionType::Refund, *group, |_| ());
            } else if chance(rng, 0.18) {
                let rating =
                    (quality + 0.3 * self.visitor.liking(&self.catalogue.groups[*group]).ln() + 0.7 * normal(rng))
                        .round()
                        .clamp(1.0, 5.0);
                self.on_product(InteractionType::Rate, *group, |log| log.rating = Some(rating));
            }
        }
        self.time = paid_at;
    }

    fn product_id(&self, group: usize) -> String {
        let variant = self.visitor.variant(self.catalogue, &self.catalogue.groups[group]);
        self.catalogue.products[variant].product_id.clone()
    }

    fn on_product(&mut self, kind: InteractionType, group: usize, more: impl FnOnce(&mut Interaction)) {
        let product = self.product_id(group);
        self.add(kind, |log| {
            log.product_ids = vec![product];
            more(log);
        });
    }

    fn add(&mut self, kind: InteractionType, fill: impl FnOnce(&mut Interaction)) {
        let visitor = self.visitor;
        // From the session of the sign-in on the user's id is known; in that session both are sent, which links them.
        let signed_in = self.number >= visitor.signs_in_at;
        let anonymous = visitor.user_id.is_none() || self.number <= visitor.signs_in_at;
        let mut interaction = blank(kind, Time(self.time));
        interaction.user_id = visitor.user_id.clone().filter(|_| signed_in);
        interaction.anonymous_id = visitor.anonymous_id.clone().filter(|_| anonymous || !signed_in);
        fill(&mut interaction);
        self.log.push(interaction);
    }

    /// Lets about so many seconds pass.
    fn wait(&mut self, rng: &mut Pcg64Mcg, seconds: f64) {
        self.time += (lognormal(rng, seconds, 0.3) * 1000.0) as i64 + 500;
    }
}

/// Tenths of seconds are enough.
fn seconds(duration: f64) -> f64 {
    (duration * 10.0).round() / 10.0
}

fn blank(kind: InteractionType, time: Time) -> Interaction {
    Interaction {
        kind,
        user_id: None,
        anonymous_id: None,
        product_ids: Vec::new(),
        product_group_ids: Vec::new(),
        timestamp: Some(time),
        miso_id: None,
        duration: None,
        quantities: Vec::new(),
        revenue: None,
        rating: None,
        search: None,
        category: Vec::new(),
        custom_action_name: None,
        question_id: None,
        result_type: None,
        value: None,
        context: None,
    }
}
