//! What the pages say of files that are sent as evidence.

use crate::uploads::{IntakeError, KeepError};
use walletline_core::cases::UploadRefusal;

/// The words.
pub(in crate::web::site) struct EvidenceWords {
    pub(in crate::web::site) heading: &'static str,
    pub(in crate::web::site) nothing: &'static str,
    pub(in crate::web::site) file: &'static str,
    pub(in crate::web::site) hint: &'static str,
    pub(in crate::web::site) send: &'static str,
    pub(in crate::web::site) taken: &'static str,
    /// No file was chosen.
    pub(in crate::web::site) none: &'static str,
    too_large: &'static str,
    unknown_kind: &'static str,
    no_room: &'static str,
    unavailable: &'static str,
    too_many: &'static str,
    too_large_together: &'static str,
    already_there: &'static str,
    closed: &'static str,
    received: &'static str,
    waiting: &'static str,
    infected: &'static str,
    erased: &'static str,
}

impl EvidenceWords {
    /// Why a file is not taken.
    pub(in crate::web::site) const fn refused(&self, why: IntakeError) -> &'static str {
        match why {
            IntakeError::TooLarge => self.too_large,
            IntakeError::UnknownKind => self.unknown_kind,
            IntakeError::NoRoom => self.no_room,
            IntakeError::Unavailable => self.unavailable,
        }
    }

    /// Why a file is not kept.
    pub(in crate::web::site) const fn not_kept(&self, why: &KeepError) -> &'static str {
        match why {
            KeepError::Refused(UploadRefusal::TooMany) => self.too_many,
            KeepError::Refused(UploadRefusal::TooLargeTogether) => self.too_large_together,
            KeepError::Refused(UploadRefusal::AlreadyThere) => self.already_there,
            KeepError::Refused(UploadRefusal::Closed) => self.closed,
            KeepError::Unavailable => self.unavailable,
        }
    }

    /// How a file stands, by its name.
    pub(in crate::web::site) fn state(&self, state: &str) -> &'static str {
        match state {
            "waiting" => self.waiting,
            "infected" => self.infected,
            "erased" => self.erased,
            _ => self.received,
        }
    }
}

pub(super) const EN: EvidenceWords = EvidenceWords {
    heading: "What you sent",
    nothing: "Nothing yet.",
    file: "Screenshot or document",
    hint: "PNG, JPEG or PDF, up to 10 MB, ten files in all. Cover what nobody needs to see: passwords, codes, other people.",
    send: "Send the file",
    taken: "We have your file.",
    none: "Please choose a file first.",
    too_large: "The file has more than 10 MB: please send a smaller one.",
    unknown_kind: "This file is neither a PNG or JPEG picture nor a PDF document: please send one of these.",
    no_room: "No more files can be taken just now. Your words are enough: send them without a file, and we ask for it.",
    unavailable: "The file could not be taken just now: please send it again in a moment.",
    too_many: "There are ten files already, which is all a case takes.",
    too_large_together: "The files of a case may have 40 MB together: please send a smaller one.",
    already_there: "We have this file already.",
    closed: "The case is closed: please call the official number with your reference.",
    received: "received",
    waiting: "received, being checked",
    infected: "not taken: something harmful was found in it",
    erased: "erased",
};

pub(super) const ZH_CN: EvidenceWords = EvidenceWords {
    heading: "您提交的材料",
    nothing: "还没有材料。",
    file: "截图或文件",
    hint: "PNG、JPEG 或 PDF，每个不超过 10 MB，最多十个。请遮住密码、验证码和他人的信息。",
    send: "提交材料",
    taken: "我们已收到您的材料。",
    none: "请先选择文件。",
    too_large: "文件超过 10 MB，请换一个小一些的。",
    unknown_kind: "这个文件不是 PNG、JPEG 图片或 PDF 文件，请换一个。",
    no_room: "现在不能再接收文件。文字说明已经足够：请不带文件提交，需要时我们会联系您。",
    unavailable: "现在无法接收文件，请稍后再提交。",
    too_many: "已有十个文件，不能再添加。",
    too_large_together: "一件事的文件合计不能超过 40 MB，请换一个小一些的。",
    already_there: "这个文件已经收到过。",
    closed: "这件事已经办结，请凭受理编号拨打官方热线。",
    received: "已收到",
    waiting: "已收到，正在检查",
    infected: "未接收：文件里发现有害内容",
    erased: "已删除",
};
