//! Public pages in English.

use super::{Article, Call, CallSays, Home, Offline, Search, Shared, Words, prepare};

pub(super) const WORDS: Words = Words {
    shared: SHARED,
    home: HOME,
    call: CALL,
    article: ARTICLE,
    search: SEARCH,
    offline: OFFLINE,
    prepare: prepare::en::PREPARE,
};

const SHARED: Shared = Shared {
    own_name: "English",
    skip: "Skip to the content",
    help: "Help centre",
    menu: "Pages",
    home: "Help",
    call: "Call from the browser",
    way_back: "Where this page is",
    choices: "Language and wallet",
    colours: "Appearance",
    themes: ["As the device", "Light", "Dark"],
    official_number: "Official hotline:",
    never_asks: "We never ask for your password, and never for a code to be read out or sent to us.",
    copy: "Copy",
    copied: "Copied",
    search: "Search",
    search_hint: "For example: account locked",
};

const HOME: Home = Home {
    title: "How can we help?",
    call_us: "The official hotline",
    only_number: "This is the only number of the hotline. Save it: whoever calls you under another one is not us.",
    dial: "Call now",
    freeze_any_time: "freezes your account at any moment of a call, day and night.",
    tasks_heading: "What happened?",
    tasks: [
        ("My account is locked", "Open it again, or find out why"),
        ("Where is my money?", "Usual times, and the status by phone"),
        ("Freeze my account", "Stop everything at once: key 9"),
        ("Refund or complaint", "What to do, and how long it takes"),
        ("A suspicious call or number", "How to tell, and what to do now"),
        ("Prepare my call", "Have it at hand, skip the menus"),
        ("Call from this browser", "No phone needed"),
    ],
    articles_heading: "All answers",
    topics: ["Account", "Transactions", "Security", "Refunds and complaints", "The hotline and what is new"],
};

const ARTICLE: Article = Article {
    official_numbers: "official numbers",
    on_the_phone: "On the phone:",
    language_first: "your language",
    review_due: "This page is due for a check and may be out of date. If it matters, please ask the hotline.",
    checked_on: "Checked on",
    version: "version",
    related: "Read next",
    still_open: "Still not solved?",
    still_open_text: "Call the official hotline. Have your registered phone at hand.",
    missing: "There is no such page",
    missing_text: "It may have been renamed or taken down. Please look for it, or call us.",
};

const SEARCH: Search = Search {
    title: "Search",
    ask: "Type what happened, in your own words.",
    nothing: "Nothing was found.",
    nothing_text: "Try fewer or other words, for example “refund” or “locked”. Or call us: a person knows more than this page.",
    found: ("Found: ", ""),
};

const OFFLINE: Offline = Offline {
    title: "You are offline",
    text: "This page needs the internet, but the hotline does not. You can call from any phone:",
    freeze: "In an emergency, call and press 9: your account can be frozen at any time, also without the internet.",
    retry: "Try again",
};

const CALL: Call = Call {
    title: "Call from this browser",
    lead: "Speak with the hotline through this page. It reaches the same menu and the same people as a phone call, and costs no phone charges.",
    no_line: "This wallet has no line yet.",
    needs_script: "Calling from the page needs a browser that runs scripts. Without one, please dial the number below.",
    unsupported: "This browser cannot make calls from a page. Please dial the number below.",
    elsewhere: "A call is already up in another tab or window of this browser. Go there, or end it first.",
    call_heading: "Call now",
    call_text: "Your browser asks whether this page may use the microphone. Please allow it.",
    call_now: "Call the hotline",
    facts: [
        "The microphone is used only while the call or the test is on.",
        "You can go on reading help pages during the call.",
        "Your phone number is not shown to us, so we ask for it where it is needed.",
    ],
    by_phone: "Or by phone",
    by_phone_text: "From any phone, also without the internet:",
    keys_heading: "Keys during the call",
    keys: [
        ("9", "Freeze an account at once, at any moment"),
        ("0", "Speak with a person"),
        ("*", "Hear it again"),
        ("#", "Back to the menu before"),
    ],
    test_heading: "Test first",
    test_text: "Can you be heard, and do you hear? Nothing of the test is sent or kept.",
    test_microphone: "Test the microphone",
    test_stop: "Stop the test",
    test_echo: "Record 3 seconds and play them",
    test_tone: "Play a test tone",
    test_quiet: "Please say something. If the bar does not move, choose another microphone in your browser or check that it is not muted.",
    test_heard: "We hear you. The microphone works.",
    test_recording: "Recording: please speak…",
    test_playing: "This is how you sound.",
    test_tone_playing: "You should hear a tone now. If not, turn the volume up.",
    denied: "The microphone is blocked. Allow it for this page in the browser's site settings (beside the address), then try again, or dial the number.",
    missing: "No microphone was found, or another program is using it. Plug one in or close that program, then try again, or dial the number.",
    sheet: "Your call",
    says: CallSays {
        microphone: "Waiting for the microphone…",
        calling: "Calling…",
        talking: "On the call",
        silent: "No audio just now; trying to get it back…",
        unreachable: "This page could not be loaded. Your call goes on.",
        hung_up: "The call has ended.",
        busy: "The line is busy. Please try again in a few minutes.",
        overloaded: "All lines are busy. Please try again in a few minutes.",
        too_many: "Too many calls come from your network just now. Please wait a minute, or dial the number.",
        failed: "The call could not be kept up. Your network may block calls from browsers: please dial the number.",
        lost: "The connection to the server was lost. Check your network and call again, or dial the number.",
    },
    mute: "Mute",
    unmute: "Unmute",
    keypad: "Keypad",
    pressed: "Keys pressed: ",
    hang_up: "Hang up",
    after: "If something is still open, call again or dial",
    call_again: "Call again",
    close: "Close",
};
