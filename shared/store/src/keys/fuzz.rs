//! Targets for fuzzing: a short run with every test, long ones as `docs/reliability.md` says.

use super::*;

#[test]
fn keys() {
    bolero::check!().with_type::<(String, String, String, i32)>().for_each(
        |(organization, account, deal, second)| {
            let (Ok(organization), Ok(account)) =
                (OrganizationId::parse(organization), AccountId::parse(account))
            else {
                return;
            };
            let at = Timestamp::from_second(i64::from(*second)).unwrap();
            for key in [
                handoff(&organization, &account),
                drafts(&organization, &account),
                flow_back(&organization, &account),
            ] {
                assert!(Kind::at(&key.pk, &key.sk).is_some(), "{key:?}");
                assert_eq!(organization_of(&key.pk).as_ref(), Some(&organization));
                assert_eq!(account_of(&key.pk).as_ref(), Some(&account));
            }
            let delivery = delivery(&organization, &DeliveryId::of(at, deal));
            assert_eq!(Kind::at(&delivery.pk, &delivery.sk), Some(Kind::OutgoingDelivery));
            assert_eq!(organization_of(&delivery.pk), Some(organization));
        },
    );
}
