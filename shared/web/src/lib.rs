//! Pages: layout, components, forms, security headers, assets.
