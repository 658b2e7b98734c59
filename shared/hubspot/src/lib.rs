//! HubSpot: signatures, events, and the API client with its one pinned version.
