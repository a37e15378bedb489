//! No phone number and no code in anything that may be printed: commits, events, live events, timelines.

use crate::directory;
use crate::names::Names;
use crate::wallet::Wallet;
use walletline_core::commit::Commit;

/// Looks at a commit as a log would print it: changes, timelines and audit entries.
///
/// # Errors
/// When it names a person.
pub fn commit(commit: &Commit, names: &Names, wallet: &Wallet) -> Result<(), String> {
    text("a commit", &format!("{commit:?}"), names, wallet)
}

/// Looks at something printed.
///
/// # Errors
/// When it names a person. The message does not repeat the number.
pub fn text(what: &str, text: &str, names: &Names, wallet: &Wallet) -> Result<(), String> {
    for run in digit_runs(text) {
        let number = directory::NUMBERS.iter().any(|number| number.strip_prefix('+') == Some(run) || number.ends_with(run));
        if run.len() >= 11 && (number || wallet.accounts.contains_key(&format!("+{run}"))) {
            return Err(format!("{what} holds a phone number: …{}", &run[run.len() - 4..]));
        }
        if run.len() == 6 && names.codes.contains(run) {
            return Err(format!("{what} holds a code"));
        }
    }
    Ok(())
}

/// Runs of digits that stand by themselves: parts of hashes and identifiers are none.
fn digit_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() >= 6 && word.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use walletline_core::kernel::time::Wall;

    #[test]
    fn a_number_and_a_code_are_found_and_a_hash_is_not() {
        let mut names = Names::new(1);
        let code = names.code(1.into(), Wall(0)).code.expose().clone();
        let wallet = Wallet::new(directory::accounts(Wall(0)));
        let found = |text: &str| super::text("it", text, &names, &wallet).is_err();
        assert!(found("caller: \"+8619000000001\"") && found("keyed 19000000001#") && found(&format!("code {code}.")));
        assert!(!found("+86 190****0001") && !found(&format!("a{code}b")) && !found("Wall(1795000000000000)"));
    }
}
