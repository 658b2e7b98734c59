//! Which internet addresses are public. What is not known to be public is not: IPv6 by a list of what is allowed.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix))
}

const fn v6(a: u16, b: u16, prefix: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix))
}

/// What IANA has set aside, by its registry of special-purpose addresses, and one address of a cloud.
const NOT_PUBLIC: [IpNet; 21] = [
    v4(0, 0, 0, 0, 8),        // this network
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // shared by carriers; metadata of some clouds
    v4(127, 0, 0, 0, 8),      // loopback: Lambda's runtime API
    v4(168, 63, 129, 16, 32), // Azure's own services
    v4(169, 254, 0, 0, 16),   // link-local: metadata and credentials
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // protocols
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 88, 99, 0, 24),   // relays of 6to4
    v4(192, 168, 0, 0, 16),   // private
    v4(198, 18, 0, 0, 15),    // benchmarks
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved, broadcast
    v6(0x2001, 0, 23),        // protocols, Teredo among them
    v6(0x2001, 0xdb8, 32),    // documentation
    v6(0x2002, 0, 16),        // 6to4: carries an address of IPv4
    v6(0x3fff, 0, 20),        // documentation
    v6(0x5f00, 0, 16),        // segment routing; outside of the global ones anyway
];

/// All global unicast addresses of IPv6.
const GLOBAL_V6: IpNet = v6(0x2000, 0, 3);

/// Whether anyone on the internet may be asked at this address.
pub(crate) fn is_public(address: IpAddr) -> bool {
    let address = match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    };
    (address.is_ipv4() || GLOBAL_V6.contains(&address))
        && !NOT_PUBLIC.iter().any(|net| net.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::{Host, Url};

    fn all_public(addresses: &[&str]) -> Vec<bool> {
        addresses.iter().map(|text| is_public(text.parse().unwrap())).collect()
    }

    #[test]
    fn the_public_internet_is_public() {
        let public = [
            "1.1.1.1",
            "93.184.216.34",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700:4700::1111",
            "::ffff:8.8.8.8",
        ];
        assert_eq!(all_public(&public), [true; 6]);
    }

    #[test]
    fn nothing_else_is() {
        let private = [
            "0.0.0.0",
            "10.0.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "169.254.170.2",
            "172.31.255.255",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ];
        assert_eq!(all_public(&private), [false; 31]);
    }

    #[test]
    fn no_attack_by_number_leads_to_a_public_address() {
        let targets: serde_json::Value = serde_json::from_str(include_str!("address/targets.json")).unwrap();
        let mut seen = 0;
        for target in targets["refuse"].as_array().unwrap() {
            let host = target["url"]
                .as_str()
                .and_then(|url| Url::parse(url).ok()?.host().map(|host| host.to_owned()));
            let address: IpAddr = match host {
                Some(Host::Ipv4(address)) => address.into(),
                Some(Host::Ipv6(address)) => address.into(),
                _ => continue,
            };
            assert!(!is_public(address), "{target}");
            seen += 1;
        }
        assert!(seen > 30, "{seen}");
    }
}
