//! `walletline staff add`: a new member of staff, and the one-time link by which they set their password. `walletline staff teams`: which
//! teams somebody belongs to, or leads. `walletline staff certify`, `decertify`: what they were examined in.
//! `walletline staff reset-factor`: who lost their second factor. No password is ever given on a command line.

mod certificates;

use super::{Failure, Place};
use crate::engine::Clock;
use crate::web::auth::Token;
use certificates::{Certify, Decertify};
use clap::Subcommand;
use walletline_core::agent::{Examiner, LoginLink, Staff as Member, TEAMS_MAX, Team, Teams};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::{Actor, Role};
use walletline_core::kernel::ids::IdSource;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::Span;
use walletline_store::{CommitError, Store};

/// Staff.
#[derive(Subcommand)]
pub(super) enum Staff {
    /// Add a member of staff and print a one-time log-in link.
    Add(Add),
    /// Write down what somebody was examined in, in place of what was known before.
    Certify(Certify),
    /// Take a certificate back.
    Decertify(Decertify),
    /// Remove the second factor of somebody who lost it, and end their sessions.
    ResetFactor(ResetFactor),
    /// Say to which teams somebody belongs; of a supervisor: which they lead. Replaces what was said before.
    Teams(Regroup),
}

/// Other teams.
#[derive(clap::Args)]
pub(super) struct Regroup {
    /// Log-in and SIP user name.
    user: String,
    /// A team; again for another one. Of a supervisor: those they lead, or `all`. None: no team.
    #[arg(long = "team", value_name = "TEAM")]
    teams: Vec<String>,
    #[command(flatten)]
    place: Place,
}

/// A second factor that was lost.
#[derive(clap::Args)]
pub(super) struct ResetFactor {
    /// Log-in and SIP user name.
    user: String,
    #[command(flatten)]
    place: Place,
}

/// A new member of staff.
#[derive(clap::Args)]
pub(super) struct Add {
    /// Log-in and SIP user name: small letters, digits, dots, hyphens.
    #[arg(value_parser = user)]
    user: String,
    /// agent, checker, handler, supervisor, auditor, compliance, admin.
    #[arg(long, value_parser = role)]
    role: Role,
    /// Languages spoken with customers.
    #[arg(long, value_delimiter = ',', default_value = "zh-CN,en", value_parser = language)]
    languages: Vec<Language>,
    /// Skills beyond language. Who takes calls always has `general`.
    #[arg(long, value_delimiter = ',')]
    skills: Vec<String>,
    /// The number customers are told; the next free one when not given.
    #[arg(long, value_parser = number)]
    number: Option<String>,
    /// The team they belong to; again for another one. Of a supervisor: those they lead, or `all`.
    #[arg(long = "team", value_name = "TEAM")]
    teams: Vec<String>,
    #[command(flatten)]
    place: Place,
}

/// The link works this long: until the same time tomorrow.
const LINK: Span = Span::from_s(24 * 60 * 60);

/// Numbers are given from here on when none is asked for.
const FIRST_NUMBER: u32 = 1001;

pub(super) async fn run(command: &Staff) -> Result<(), Failure> {
    match command {
        Staff::Add(add) => run_add(add).await,
        Staff::Certify(certify) => certificates::run_certify(certify).await,
        Staff::Decertify(decertify) => certificates::run_decertify(decertify).await,
        Staff::ResetFactor(reset) => run_reset(reset).await,
        Staff::Teams(regroup) => run_teams(regroup).await,
    }
}

async fn run_reset(reset: &ResetFactor) -> Result<(), Failure> {
    let (_, store) = reset.place.store().await?;
    let done = reset_factor(&store, &reset.user).await;
    store.close().await;
    done?;
    println!("{} has no second factor any more, and must log in again.", reset.user);
    Ok(())
}

async fn reset_factor(store: &Store, user: &str) -> Result<(), Failure> {
    let member = certificates::member(store, user).await?;
    let (version, factor) = store.second_factor(member.id).await?;
    let ruled = factor.reset(version, Examiner::Operator, Clock::start().wall());
    match store.commit(ruled.map_err(|refusal| Failure(refusal.to_string()))?).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(_)) => Err(Failure("it was changed at the same time: try again".to_owned())),
        Err(error) => Err(error.into()),
    }
}

async fn run_teams(regroup: &Regroup) -> Result<(), Failure> {
    let (_, store) = regroup.place.store().await?;
    let done = change_teams(&store, regroup).await;
    store.close().await;
    done?;
    println!("{}: teams changed. A running program takes them over on SIGHUP.", regroup.user);
    Ok(())
}

async fn change_teams(store: &Store, regroup: &Regroup) -> Result<(), Failure> {
    let found = store.staff_by_user(&regroup.user).await?;
    let (version, member) = found.ok_or_else(|| Failure(format!("there is nobody called `{}`", regroup.user)))?;
    let teams = teams(member.role, &regroup.teams)?;
    let entry = Entry::new(Clock::start().wall(), Actor::Operator, "staff.teams_changed", member.id);
    let changes = vec![Change::Staff(version, Box::new(Member { teams, ..member }))];
    match store.commit(Commit::new(entry, changes)).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(_)) => {
            Err(Failure("somebody else changed this member of staff at the same time: try again".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

async fn run_add(add: &Add) -> Result<(), Failure> {
    let (config, store) = add.place.store().await?;
    let link = add_member(&store, add).await;
    store.close().await;
    let token = link?;
    println!("{} was added. This link sets the password, once, within 24 hours:", add.user);
    println!("{}/desk/welcome#{}", config.http.public_url, token.expose());
    if add.role.supervises() && add.teams.is_empty() {
        println!("{0} leads nobody yet: walletline staff teams {0} --team TEAM, or --team all", add.user);
    }
    Ok(())
}

async fn add_member(store: &Store, add: &Add) -> Result<Token, Failure> {
    let staff = store.staff().await?;
    if staff.iter().any(|(_, member)| member.user == add.user) {
        return Err(Failure(format!("there is somebody called `{}` already: choose another user name", add.user)));
    }
    let taken = |number: &str| staff.iter().any(|(_, member)| member.number == number);
    let number = match &add.number {
        Some(number) if taken(number) => {
            return Err(Failure(format!("number {number} is somebody's already: choose another --number, or leave it out")));
        }
        Some(number) => number.clone(),
        None => (FIRST_NUMBER..).map(|n| n.to_string()).find(|number| !taken(number)).unwrap_or_default(),
    };
    let mut skills = add.skills.clone();
    if add.role.takes_calls() && !skills.iter().any(|skill| skill == "general") {
        skills.insert(0, "general".to_owned());
    }
    let teams = teams(add.role, &add.teams)?;
    let at = Clock::start().wall();
    let mut seed = [0; 16];
    getrandom::fill(&mut seed)?;
    let id = IdSource::new(u128::from_le_bytes(seed)).next(at);
    let (user, languages) = (add.user.clone(), add.languages.clone());
    let member = Member { id, user, number, role: add.role, languages, skills, teams, password_hash: None, sip_ha1: None };
    let token = Token::random()?;
    let link = LoginLink { token_hash: token.hash(), staff: id, expires_at: at + LINK };
    let entry = Entry::new(at, Actor::Operator, "staff.added", id);
    let changes = vec![Change::Staff(0, Box::new(member)), Change::LoginLinkMade(link)];
    match store.commit(Commit::new(entry, changes)).await {
        Ok(()) => Ok(token),
        Err(CommitError::Conflict(_)) => Err(Failure("somebody else added staff at the same time: try again".to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// The teams that were named for somebody of this role. That nobody named one never means everybody.
fn teams(role: Role, names: &[String]) -> Result<Teams, Failure> {
    match names {
        [all] if all == "all" && role.supervises() => Ok(Teams::All),
        _ if names.len() > TEAMS_MAX => Err(Failure(format!("give at most {TEAMS_MAX} teams, or --team all to a supervisor"))),
        _ => {
            let team = |name: &String| name.parse::<Team>().map_err(|error| Failure(format!("--team {name}: {error}")));
            names.iter().map(team).collect::<Result<_, _>>().map(Teams::Named)
        }
    }
}

/// A user name stands in SIP addresses and log-in forms: nothing that either would have to escape.
fn user(text: &str) -> Result<String, String> {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
    if (1..=32).contains(&text.len()) && text.bytes().all(good) {
        return Ok(text.to_owned());
    }
    Err("use 1 to 32 small letters, digits, dots and hyphens".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    let known = || format!("use one of {}", Role::ALL.map(Role::name).join(", "));
    Role::ALL.into_iter().find(|role| role.name() == text).ok_or_else(known)
}

fn language(text: &str) -> Result<Language, String> {
    let known = || format!("use one of {}", Language::ALL.map(Language::tag).join(", "));
    Language::ALL.into_iter().find(|language| language.tag() == text).ok_or_else(known)
}

/// A number is spoken digit by digit to every caller.
fn number(text: &str) -> Result<String, String> {
    if (2..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    Err("use 2 to 8 digits".to_owned())
}
