//! What is taken out of a text and what stays.

use super::*;

#[track_caller]
fn check(text: &str, left: &str, secrets: &[Secret]) {
    assert_eq!(screen(text), Screened { text: left.to_owned(), secrets: secrets.to_vec() }, "{text}");
}

#[test]
fn what_an_agent_needs_stays() {
    for text in [
        "",
        "转账 261101000014 已经三天没到账，金额 1,250.00 元",
        "Transaction 261101000014 has been pending since 2026-11-25 09:30.",
        "Error code: 50013, status code 4012, err_code 88001",
        "错误码 100234",
        "My password is incorrect although I reset it",
        "密码错误，提示还剩 3 次",
        "order 20261125093000123456789012345678 was not found",
        "请在 2026 年 11 月 25 日 之前 处理，一共 五 次",
        "one of the two payments",
        "Ticket R123456782 and account W100001",
    ] {
        check(text, text, &[]);
    }
}

#[test]
fn passwords_and_codes_are_taken_out() {
    use Secret::{Code, Password};
    check("password: hunter2!", "password: •••", &[Password]);
    check("my password is hunter2 ok?", "my password is ••• ok?", &[Password]);
    check("密码：Abc12345，谢谢", "密码：•••，谢谢", &[Password]);
    check("密码是abc123", "密码是•••", &[Password]);
    check("Ｐａｓｓｗｏｒｄ：ｓｅｃｒｅｔ", "Ｐａｓｓｗｏｒｄ：•••", &[Password]);
    check("验证码 384920 收不到", "验证码 ••• 收不到", &[Code]);
    check("收到 3849 作为短信验证码", "收到 ••• 作为短信验证码", &[Code]);
    check("the code I got was 384 920", "the code I got was •••", &[Code]);
    check("验证码是三八四九二零", "验证码是•••", &[Code]);
    check("code: three, eight, four, nine", "code: •••", &[Code]);
    check("验证码 ３８４９２０", "验证码 •••", &[Code]);
    check("error code 50013, and my otp 123456", "error code 50013, and my otp •••", &[Code]);
}

#[test]
fn numbers_of_persons_and_cards_keep_what_tells_them_apart() {
    use Secret::{Card, Identity, Mail, Phone};
    check("card 4111111111111111", "card •••1111", &[Card]);
    check("card 4111 1111-1111 1111.", "card •••1111.", &[Card]);
    check("4111111111111112", "4111111111111112", &[]);
    check("in 1234567890141111111111111111 no card", "in 1234567890141111111111111111 no card", &[]);
    check("身份证 11010519491231002X", "身份证 1•••X", &[Identity]);
    check("电话 13812345678", "电话 138****5678", &[Phone]);
    check("电话 +86 138 1234 5678。", "电话 +86 138****5678。", &[Phone]);
    check("call 008613812345678", "call 138****5678", &[Phone]);
    check("call +447700900003", "call +44****0003", &[Phone]);
    check("write to amy.carter+x@example.co.uk now", "write to a***@example.co.uk now", &[Mail]);
    check("4111111111111111 验证码 1234 a@b.cn", "•••1111 验证码 ••• a***@b.cn", &[Secret::Code, Card, Mail]);
}

#[test]
fn any_text_comes_through_without_a_fault() {
    let pieces =
        ["密码", "：", "1", "12345678901234567890", "@", "+", "x", "é", "验证码", " ", "one", "𝟙", "password", "=", "是", "\n"];
    for a in pieces {
        for b in pieces {
            for c in pieces {
                let text = format!("{a}{b}{c}{a}");
                let once = screen(&text);
                assert!(once.text.chars().count() <= text.chars().count() + 8, "{text}");
            }
        }
    }
}
