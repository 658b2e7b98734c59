//! Targets for fuzzing: a short run with every test, long ones as `docs/reliability.md` says.

use crate::email::EmailAddress;
use crate::id::{AccountId, DeliveryId, OrganizationId};
use crate::link::{LinkKey, LinkKeys, LinkStanding, LinkToken};
use jiff::Timestamp;

#[test]
fn token() {
    let key = LinkKey::new("a key for fuzzing, of 32 characters or more").unwrap();
    let (organization, account) = (OrganizationId::parse("hs1").unwrap(), AccountId::parse("d1").unwrap());
    let link = crate::link::Link::issue(&key, &organization, &account, 2, 30, Timestamp::UNIX_EPOCH);
    let genuine = key.handoff_token(&organization, &account, 2).reveal();
    let keys = LinkKeys::from(key);
    bolero::check!().with_type::<(String, Vec<u8>, u8)>().for_each(|(text, bits, at)| {
        if let Ok(token) = LinkToken::parse(text) {
            assert_eq!(token.reveal(), *text, "one spelling only");
        }
        // What is near a genuine one opens nothing.
        let mut near = genuine.clone().into_bytes();
        let place = usize::from(*at) % near.len();
        near[place] ^= bits.first().map_or(1, |bit| bit | 1) & 0x7f;
        let Ok(near) = String::from_utf8(near) else { return };
        if let Ok(token) = LinkToken::parse(&near) {
            let standing = keys.judge(&token, &link, Timestamp::UNIX_EPOCH);
            assert!(near == genuine || standing == LinkStanding::Unknown, "{near}");
        }
    });
}

#[test]
fn address() {
    bolero::check!().with_type::<String>().for_each(|text| {
        if let Ok(address) = EmailAddress::parse(text) {
            assert!(
                !address
                    .as_str()
                    .contains(|c: char| c.is_control() || c.is_whitespace() || ",;<>".contains(c))
            );
        }
    });
}

#[test]
fn delivery_ids_sort_by_time() {
    bolero::check!().with_type::<(i32, i32, String)>().for_each(|(one, other, cause)| {
        let at = |second: &i32| Timestamp::from_second(i64::from(second.unsigned_abs())).unwrap();
        let (first, second) = (at(one), at(other));
        let id = |at| DeliveryId::of(at, cause);
        assert_eq!(id(first).cmp(&id(second)), first.cmp(&second));
        assert!(DeliveryId::parse(id(first).as_str()).is_ok());
    });
}
