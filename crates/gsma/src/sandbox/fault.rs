//! Misbehaviour on demand: which, of which operation, how often. Orders are kept in the file, so that a count survives a restart.

use super::House;
use super::control::FaultOrder;

/// Orders of misbehaviour waiting at most.
const ORDERS_MAX: i64 = 1_000;

/// Times one order may count at most.
const COUNT_MAX: u32 = 1_000_000;

/// An operation of the wallet that can be made to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// `GET accounts/{type}/{id}`.
    Account,
    /// `GET accounts/{type}/{id}/status`.
    Status,
    /// `PATCH accounts/{type}/{id}`.
    Freeze,
    /// The same request as `account`: the specification has none of its own for the holders of an account.
    Identities,
    /// `GET accounts/{type}/{id}/transactions`.
    Transactions,
    /// `GET transactions/{reference}`.
    Transaction,
    /// `GET heartbeat`.
    Heartbeat,
    /// `POST transactions/{reference}/reversals`.
    Reversal,
    /// `POST …/secondfactors/verify` of the extension API.
    SecondFactor,
    /// Every other request of the extension API.
    Extension,
    /// Every request, those for request states and responses included.
    Any,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// 500; nothing is done.
    Fail,
    /// It is done, then 500.
    FailAfter,
    /// No answer; nothing is done. The connection is held up to 30 s, then closed.
    TimeoutBefore,
    /// It is done, and no answer comes. The connection is held up to 30 s, then closed.
    TimeoutAfter,
    /// 202 pending; done 10 s of sandbox time later. Changes alone can be late; other requests leave this order standing.
    Late,
    /// It is done at once, and answered after 3 s.
    Slow,
    /// It is done, and answered 200 with nonsense.
    Garbage,
    /// The connection is closed at once; nothing is done.
    Down,
    /// A change is answered 202 and its callback is sent twice; any other answer has its body twice.
    Twice,
    /// 400 with an error object; nothing is done.
    Reject,
}

impl Operation {
    const ALL: [(Self, &'static str); 11] = [
        (Self::Account, "account"),
        (Self::Status, "status"),
        (Self::Freeze, "freeze"),
        (Self::Identities, "identities"),
        (Self::Transactions, "transactions"),
        (Self::Transaction, "transaction"),
        (Self::Heartbeat, "heartbeat"),
        (Self::Reversal, "reversal"),
        (Self::SecondFactor, "second_factor"),
        (Self::Extension, "extension"),
        (Self::Any, "any"),
    ];
}

impl Fault {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Fail, "fail"),
        (Self::FailAfter, "fail_after"),
        (Self::TimeoutBefore, "timeout_before"),
        (Self::TimeoutAfter, "timeout_after"),
        (Self::Late, "late"),
        (Self::Slow, "slow"),
        (Self::Garbage, "garbage"),
        (Self::Down, "down"),
        (Self::Twice, "twice"),
        (Self::Reject, "reject"),
    ];
}

/// An order that cannot be taken; what to write instead.
pub(super) struct Unorderable(pub(super) String);

/// An order that was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    operation: Operation,
    fault: Fault,
    count: u32,
}

impl Order {
    pub(super) fn parse(order: &FaultOrder) -> Result<Self, Unorderable> {
        let operation = find("operation", &order.operation, &Operation::ALL)?;
        let fault = find("fault", &order.fault, &Fault::ALL)?;
        if order.count > COUNT_MAX {
            return Err(Unorderable(format!("count: at most {COUNT_MAX}")));
        }
        if fault == Fault::Late && !matches!(operation, Operation::Freeze | Operation::Reversal | Operation::Any) {
            return Err(Unorderable("fault: only a change can be late; order it of freeze, reversal or any".to_owned()));
        }
        Ok(Self { operation, fault, count: order.count })
    }
}

fn find<T: Copy>(what: &str, word: &str, known: &[(T, &'static str)]) -> Result<T, Unorderable> {
    known.iter().find(|(_, name)| *name == word).map(|(value, _)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(_, name)| *name).collect();
        Unorderable(format!("{what}: unknown; known are {}", names.join(", ")))
    })
}

fn name<T: Copy + PartialEq>(value: T, known: &[(T, &'static str)]) -> &'static str {
    known.iter().find(|(other, _)| *other == value).map_or("", |(_, name)| name)
}

impl House {
    /// Keeps an order; a count of 0 takes back what was ordered of this operation.
    pub(super) async fn order_fault(&self, order: Order) -> Result<Result<(), Unorderable>, sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        let operation = name(order.operation, &Operation::ALL);
        if order.count == 0 {
            sqlx::query("DELETE FROM fault WHERE operation = $1").bind(operation).execute(&mut *transaction).await?;
        } else {
            let standing: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM fault").fetch_one(&mut *transaction).await?;
            if standing >= ORDERS_MAX {
                return Ok(Err(Unorderable(format!("{ORDERS_MAX} orders stand already: use them up, or reset"))));
            }
            sqlx::query("INSERT INTO fault (operation, fault, remaining) VALUES ($1, $2, $3)")
                .bind(operation)
                .bind(name(order.fault, &Fault::ALL))
                .bind(i64::from(order.count))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await.map(Ok)
    }

    /// Uses up one of what was ordered of an operation, the oldest order first.
    pub(super) async fn take_fault(&self, operation: Operation) -> Result<Option<Fault>, sqlx::Error> {
        let also = match operation {
            Operation::Account => Operation::Identities,
            other => other,
        };
        let mut transaction = self.database.begin().await?;
        let taken: Option<String> = sqlx::query_scalar(
            "UPDATE fault SET remaining = remaining - 1
             WHERE id = (SELECT id FROM fault WHERE operation IN ($1, $2, 'any') AND (fault <> 'late' OR $3) ORDER BY id LIMIT 1)
             RETURNING fault",
        )
        .bind(name(operation, &Operation::ALL))
        .bind(name(also, &Operation::ALL))
        .bind(matches!(operation, Operation::Freeze | Operation::Reversal))
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(word) = taken else { return Ok(None) };
        sqlx::query("DELETE FROM fault WHERE remaining <= 0").execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(find("fault", &word, &Fault::ALL).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(operation: &str, fault: &str) -> Result<Order, String> {
        let order = FaultOrder { operation: operation.to_owned(), fault: fault.to_owned(), count: 1 };
        Order::parse(&order).map_err(|Unorderable(reason)| reason)
    }

    #[test]
    fn every_name_is_taken_and_an_unknown_one_is_answered_with_the_known() {
        for (_, operation) in Operation::ALL {
            assert!(order(operation, "fail").is_ok(), "{operation}");
        }
        for (_, fault) in Fault::ALL {
            assert!(order("freeze", fault).is_ok(), "{fault}");
        }
        assert!(order("refund", "fail").unwrap_err().contains("account, status, freeze"));
        assert!(order("freeze", "explode").unwrap_err().contains("fail, fail_after"));
        assert!(order("status", "late").is_err());
    }
}
