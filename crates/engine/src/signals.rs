use recommend::Dataset;
use record::Time;
use state::State;

/// The log as training sees it: the weighted evidence of every visitor's history (contract, "Meaning of signals").
pub fn training_dataset(state: &State, now: Time) -> Dataset {
    let _ = (state, now);
    todo!()
}
