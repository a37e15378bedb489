//! What public pages say. One struct per page, one constant per language: a page whose translation is missing does not compile.

mod en;
mod zh_cn;

use walletline_core::kernel::language::Language;

/// The words of every page.
pub(super) struct Words {
    pub(super) shared: Shared,
    pub(super) home: Home,
}

/// The frame of every page.
pub(super) struct Shared {
    /// The language's name for itself.
    pub(super) own_name: &'static str,
    pub(super) skip: &'static str,
    pub(super) help: &'static str,
    pub(super) choices: &'static str,
    pub(super) colours: &'static str,
    /// As the device, light, dark.
    pub(super) themes: [&'static str; 3],
    pub(super) official_number: &'static str,
    pub(super) never_asks: &'static str,
}

/// The first page.
pub(super) struct Home {
    pub(super) title: &'static str,
    pub(super) call_us: &'static str,
}

/// The words in one language.
pub(super) const fn of(language: Language) -> &'static Words {
    match language {
        Language::ZhCn => &zh_cn::WORDS,
        Language::En => &en::WORDS,
    }
}
