//! Who may sign in, as what: kept in `dojo.json` of the data folder, with the passwords' hashes.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use super::password::{self, Hashed};
use super::role::Role;

/// The name of the account that is there from the first start.
pub(super) const FIRST: &str = "administrator";
/// Accounts of a data folder.
const ACCOUNTS_MAX: usize = 200;
/// Characters of a name.
const NAME_CHARS_MAX: usize = 64;

/// Somebody who may sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    name: String,
    role: Role,
    password: Hashed,
}

/// What the file holds: the accounts, or the one password of earlier versions.
#[derive(Deserialize)]
#[serde(untagged)]
enum Note {
    Accounts { accounts: Vec<Account> },
    OnlyAdministrator { administrator: Hashed },
}

/// Why an account is not changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is none of this name.
    Unknown,
    /// It cannot be; the whole sentence.
    Invalid(String),
}

/// The accounts in force. Names are told apart without regard to case.
pub(super) struct Accounts {
    path: PathBuf,
    all: RwLock<Vec<Account>>,
    /// What is compared where there is no account, so that the answer comes no sooner.
    nobody: Hashed,
}

impl Accounts {
    /// Reads the folder's accounts. `given` becomes the first account's password; where there is neither a file nor a given
    /// password, one is made up, and its text is given back to be shown this once; without `may_make_up` nobody can sign in then.
    pub(super) fn open(
        data: &Path,
        given: Option<&str>,
        may_make_up: bool,
    ) -> Result<(Accounts, Option<String>), String> {
        let path = data.join("dojo.json");
        let mut all = read(&path)?;
        let made_up = if may_make_up && given.is_none() && all.is_empty() { Some(password::made_up()) } else { None };
        if let Some(text) = given.or(made_up.as_deref()) {
            password::check(text).map_err(|why| format!("TAMARI_ADMIN_PASSWORD: {why}"))?;
            let hashed = Hashed::of(text)?;
            match all.iter_mut().find(|account| account.name == FIRST) {
                Some(first) => (first.password, first.role) = (hashed, Role::Administrator),
                None => {
                    all.insert(0, Account { name: FIRST.to_owned(), role: Role::Administrator, password: hashed });
                }
            }
            // Kept as well, so that a later start without the variable knows the same password.
            write(&path, &all)?;
        }
        let nobody = Hashed::of(&password::made_up())?;
        Ok((Accounts { path, all: RwLock::new(all), nobody }, made_up))
    }

    /// Names and roles, in the order in which the accounts were made.
    pub(super) fn list(&self) -> Vec<(String, Role)> {
        self.all.read().iter().map(|account| (account.name.clone(), account.role)).collect()
    }

    /// The role of this account, as of now.
    pub(super) fn role(&self, name: &str) -> Option<Role> {
        self.all.read().iter().find(|account| account.name == name).map(|account| account.role)
    }

    /// The account's name as it is written, where the password is its own. Takes the time of one hash in any case.
    pub(super) fn verify(&self, name: &str, text: &str) -> Option<String> {
        let found = self.all.read().iter().find(|account| same(&account.name, name)).cloned();
        let is_right = found.as_ref().map_or(&self.nobody, |account| &account.password).is(text);
        found.filter(|_| is_right).map(|account| account.name)
    }

    /// Adds an account.
    pub(super) fn add(&self, name: &str, role: Role, text: &str) -> Result<(), Refusal> {
        let name = check_name(name)?;
        password::check(text).map_err(Refusal::Invalid)?;
        let password = Hashed::of(text).map_err(Refusal::Invalid)?;
        self.change(|all| {
            if all.iter().any(|account| same(&account.name, &name)) {
                return Err(Refusal::Invalid(format!("there is an account named {name} already; choose another name")));
            }
            if all.len() >= ACCOUNTS_MAX {
                return Err(Refusal::Invalid(format!("there are {ACCOUNTS_MAX} accounts, and no more are taken")));
            }
            all.push(Account { name, role, password });
            Ok(())
        })
    }

    /// Gives an account another role. The last administrator stays one.
    pub(super) fn set_role(&self, name: &str, role: Role) -> Result<(), Refusal> {
        self.change(|all| {
            find(all, name)?.role = role;
            keeps_an_administrator(all)
        })
    }

    /// Gives an account another password.
    pub(super) fn set_password(&self, name: &str, text: &str) -> Result<(), Refusal> {
        password::check(text).map_err(Refusal::Invalid)?;
        let password = Hashed::of(text).map_err(Refusal::Invalid)?;
        self.change(|all| {
            find(all, name)?.password = password;
            Ok(())
        })
    }

    /// Takes an account away. The last administrator stays.
    pub(super) fn remove(&self, name: &str) -> Result<(), Refusal> {
        self.change(|all| {
            find(all, name)?;
            all.retain(|account| account.name != name);
            keeps_an_administrator(all)
        })
    }

    /// Changes a copy, writes it, and only then puts it in force.
    fn change(&self, change: impl FnOnce(&mut Vec<Account>) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let mut all = self.all.write();
        let mut changed = all.clone();
        change(&mut changed)?;
        write(&self.path, &changed).map_err(Refusal::Invalid)?;
        *all = changed;
        Ok(())
    }
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.trim().to_lowercase()
}

fn find<'a>(all: &'a mut [Account], name: &str) -> Result<&'a mut Account, Refusal> {
    all.iter_mut().find(|account| account.name == name).ok_or(Refusal::Unknown)
}

fn keeps_an_administrator(all: &[Account]) -> Result<(), Refusal> {
    if all.iter().any(|account| account.role == Role::Administrator) {
        return Ok(());
    }
    Err(Refusal::Invalid("this is the last administrator; make another account one first".to_owned()))
}

fn check_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let is_plain = name.chars().all(|letter| !letter.is_control() && letter != '/' && letter != '\\');
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || !is_plain {
        return Err(Refusal::Invalid(format!(
            "a name has 1 to {NAME_CHARS_MAX} characters, none of them a slash; an e-mail address will do"
        )));
    }
    Ok(name.to_owned())
}

fn read(path: &Path) -> Result<Vec<Account>, String> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{} cannot be read: {error}", path.display())),
    };
    match serde_json::from_slice(&text) {
        Ok(Note::Accounts { accounts }) => Ok(accounts),
        Ok(Note::OnlyAdministrator { administrator }) => {
            Ok(vec![Account { name: FIRST.to_owned(), role: Role::Administrator, password: administrator }])
        }
        Err(error) => Err(format!(
            "{} cannot be read: {error}; remove it, and the next start makes a new administrator and password",
            path.display()
        )),
    }
}

/// Written beside and moved, so that a crash leaves the one before; other accounts of the machine cannot read it.
fn write(path: &Path, accounts: &[Account]) -> Result<(), String> {
    let fresh = path.with_extension("json.new");
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let text = serde_json::json!({"accounts": accounts}).to_string();
    options
        .open(&fresh)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&fresh, path))
        .map_err(|e| format!("cannot write {}: {e}; is the disk full or read-only?", path.display()))
}

#[cfg(test)]
mod tests;
