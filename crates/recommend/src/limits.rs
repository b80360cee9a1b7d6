//! Every bound on training and on models.

/// Neighbours kept per product.
pub const NEIGHBOURS_MAX: usize = 100;
/// And where there are more than [`NEIGHBOUR_ENTRIES_MAX`] in all, the least of each.
pub const NEIGHBOURS_MIN: usize = 8;
/// Neighbours of all products in one relation, 8 bytes each: of 120,000 products each keeps [`NEIGHBOURS_MAX`], of a million those
/// of many visitors do.
pub const NEIGHBOUR_ENTRIES_MAX: usize = 12_000_000;
/// Observations of one visitor that training uses, the latest ones: a bot must not outweigh a thousand people.
pub const OBSERVATIONS_PER_VISITOR_MAX: usize = 500;
/// How far apart, in the order of a visitor's products, two of them may be and still make a pair.
pub const PAIR_DISTANCE_MAX: usize = 250;
/// Pairs that one relation is summed from, some 5 ns each; where the log makes more, products of a history must be closer.
pub const PAIRS_MAX: u64 = 3_000_000_000;
/// Products of one basket that are paired; a wholesale order says little about what goes with what.
pub const BASKET_PRODUCTS_MAX: usize = 100;
/// Observations of a history that scoring uses, the latest ones.
pub const HISTORY_MAX: usize = 300;
/// Products that the linear model knows in closed form, the most wanted ones: its inverse costs the cube of this many operations and
/// four times the half of its square in bytes.
pub const LINEAR_PRODUCTS_MAX: usize = 3_000;
/// Products that it knows by the sparse approximation beyond them; each is a system of 61 numbers.
pub const LINEAR_SPARSE_PRODUCTS_MAX: usize = 200_000;
/// Weights of the linear model kept per product.
pub const LINEAR_NEIGHBOURS_MAX: usize = 200;
/// Places of histories that a model keeps for finding like histories, the latest ones.
pub const SESSION_OBSERVATIONS_MAX: usize = 2_000_000;
/// Different values by which products are described.
pub const FEATURE_VALUES_MAX: u32 = 4_000_000;
/// Pairs of products that share a value; where there are more, the most common values find none.
pub const ALIKE_PAIRS_MAX: u64 = 400_000_000;
/// Numbers in the vector of a person or product, a multiple of 8.
pub const FACTORS_MAX: usize = 64;
/// Products with history that have vectors, the most wanted ones; all of them are read for an answer.
pub const FACTOR_PRODUCTS_MAX: usize = 12_000;
/// Products of persons that vectors are learned from; of a larger log persons are drawn evenly.
pub const FACTOR_OBSERVATIONS_MAX: usize = 4_000_000;
/// Products of one person that make the vector, the latest ones.
pub const FACTOR_HISTORY_MAX: usize = 200;
/// Products without history whose vectors are expected of their content, those that will be wanted most by it.
pub const EXPECTED_PRODUCTS_MAX: usize = 4_000;
/// Products with history from which is learned what content lets expect.
pub const DESCRIBED_PRODUCTS_MAX: usize = 50_000;
/// Values of which is learned what they let expect, the most common ones.
pub const DESCRIBED_VALUES_MAX: usize = 30_000;
/// Questions of a trial.
pub const TRIAL_QUESTIONS_MAX: usize = 2_000;
