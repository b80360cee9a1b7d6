use serde::{Deserialize, Serialize};

/// The three environments of a data folder; they never see each other's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnvironmentName {
    /// Sample data; the API writes nothing here.
    Playground,
    /// For trying things out.
    Development,
    /// The real thing.
    Production,
}

impl EnvironmentName {
    /// All three.
    pub const ALL: [EnvironmentName; 3] =
        [EnvironmentName::Playground, EnvironmentName::Development, EnvironmentName::Production];

    /// The name of its folder and in the API.
    pub fn name(self) -> &'static str {
        match self {
            EnvironmentName::Playground => "playground",
            EnvironmentName::Development => "development",
            EnvironmentName::Production => "production",
        }
    }
}
