//! The accent that a site sets: checked for contrast against its style sheet, and written into it.
//!
//! One colour is enough: its quiet background, and both for the dark palette, keep its hue in
//! OKLCH, where equal steps look equal. The other colours are read from the style sheet, so that
//! the measured colours are those of the page, also with a project's own sheet.

use std::collections::BTreeMap;

use color::{DynamicColor, Oklch, OpaqueColor, Srgb};

/// The built-in style sheet.
// Contrast is measured on the colours that this sheet declares. A second list of them would be
// right only until the sheet changes.
pub const STYLE_SHEET: &str = include_str!("../../static/style.css");

/// The backgrounds of the accent: the property of each, its name for people, and the required
/// contrast. Code requires more, since there the accent is small and among other colours.
///
/// A button is the accent with the page's background as its text, which is the first pair again.
// WCAG 2.2 (1.4.3, level AA) requires 4.5 to 1 for text of this size.
const GROUNDS: [(&str, &str, f32); 6] = [
    ("--paper", "the page", 4.5),
    ("--raised", "cards", 4.5),
    ("--sunken", "code in text", 4.5),
    ("--warn-soft", "warnings", 4.5),
    ("--code", "examples", 5.5),
    (SOFT, "its own quiet ground", 5.5),
];

const SOFT: &str = "--soft";

/// Other texts on the accent's quiet background, at 4.5 to 1.
const TEXTS: [&str; 4] = ["--ink", "--ink-2", "--ink-3", "--need"];

/// The step in lightness between tried colours.
const STEP: f32 = 0.002;

/// A colour that screens can show: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// The accent and the colours derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    light: Tint,
    dark: Tint,
}

/// The accent of one palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tint {
    accent: Colour,
    soft: Colour,
}

/// The palette for light or for dark surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on light backgrounds.
    Light,
    /// Light text on dark backgrounds.
    Dark,
}

/// Why a colour can't be the accent.
#[derive(Clone, Debug, PartialEq)]
pub struct LowContrast {
    /// Where its contrast is lowest, for people.
    pub place: &'static str,
    /// The background colour there.
    pub ground: Colour,
    /// The contrast that it has there.
    pub ratio: f32,
    /// The required contrast there.
    pub needed: f32,
    /// The nearest colour of the same hue that is legible everywhere.
    pub nearest: Option<Colour>,
}

/// The colours of a style sheet by their properties, without the accent's.
#[derive(Clone, Debug, Default)]
pub struct Palettes {
    light: BTreeMap<String, Colour>,
    dark: BTreeMap<String, Colour>,
}

impl Colour {
    /// Parses what CSS accepts as an opaque colour; a colour outside sRGB becomes the nearest one.
    ///
    /// # Errors
    /// With the error, as help.
    pub fn parse(text: &str) -> Result<Colour, String> {
        let usual =
            "write a CSS colour, such as \"#0d6552\", \"rebeccapurple\" or \"oklch(45% 0.08 173)\"";
        if matches!(text.len(), 3 | 6) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("did you mean \"#{text}\"?"));
        }
        let colour: DynamicColor = text.parse().map_err(|_| usual.to_owned())?;
        // OKLCH, since steps of equal lightness look equal there; in HSL yellow and blue of one
        // lightness differ by far. It is computed by libm in Rust, since the system's functions
        // return other bits on other machines.
        let (opaque, alpha) = colour.to_alpha_color::<Oklch>().split();
        let [l, c, h] = opaque.components;
        if alpha < 1.0 || ![l, c, h].iter().all(|part| part.is_finite()) {
            return Err(
                "its contrast must be known on every ground: write an opaque colour".to_owned(),
            );
        }
        Ok(Colour::of_lch(l, c, h))
    }

    /// Returns the colour of a lightness, chroma and hue, with as much of the chroma as sRGB has.
    // The chroma is halved until sRGB contains the colour (20 halvings are finer than a byte).
    // Clipping red, green and blue one by one would change the hue.
    fn of_lch(l: f32, c: f32, h: f32) -> Colour {
        let l = l.clamp(0.0, 1.0);
        let srgb = |c| OpaqueColor::<Oklch>::new([l, c, h]).convert::<Srgb>();
        let fits = |c| {
            let shown = srgb(c).components.into_iter();
            shown
                .into_iter()
                .all(|part| (-1e-4..=1.0001).contains(&part))
        };
        let (mut low, mut high) = (0.0, c);
        if fits(c) {
            low = c;
        }
        for _ in 0..20 {
            let middle = (low + high) / 2.0;
            if fits(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        let colour = srgb(low).to_rgba8();
        Colour([colour.r, colour.g, colour.b])
    }

    fn srgb(self) -> OpaqueColor<Srgb> {
        OpaqueColor::new(self.0.map(|part| f32::from(part) / 255.0))
    }

    fn lch(self) -> [f32; 3] {
        self.srgb().convert::<Oklch>().components
    }

    /// Returns the contrast of WCAG: from 1 to 21.
    fn contrast(self, other: Colour) -> f32 {
        let [one, two] = [self, other].map(|colour| colour.srgb().relative_luminance());
        // WCAG 2.2's definition of the contrast ratio; 0.05 represents the light that a screen
        // reflects.
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl Palettes {
    /// Reads the colours that a style sheet declares for the root, light and dark.
    pub fn read(sheet: &str) -> Palettes {
        let mut palettes = Palettes::default();
        for block in sheet.split('}') {
            // Not a CSS parser: it searches two selectors of our own form; a project's sheet that
            // writes them otherwise keeps the built-in colours.
            let Some((head, declarations)) = block.rsplit_once('{') else {
                continue;
            };
            let selector = head.rsplit(['{', '/', ';']).next().unwrap_or(head);
            let selector = selector.replace(['"', '\''], "");
            let palette = match selector.trim() {
                ":root" => &mut palettes.light,
                ":root[data-theme=dark]" => &mut palettes.dark,
                _ => continue,
            };
            for declaration in declarations.split(';') {
                let Some((name, value)) = declaration.split_once(':') else {
                    continue;
                };
                if let Ok(colour) = Colour::parse(value.trim()) {
                    palette.insert(name.trim().to_owned(), colour);
                }
            }
        }
        palettes
    }

    fn get(&self, scheme: Scheme, property: &str) -> Option<Colour> {
        let light = self.light.get(property);
        match scheme {
            Scheme::Light => light.copied(),
            Scheme::Dark => self.dark.get(property).or(light).copied(),
        }
    }

    /// Checks that a colour is legible wherever the accent is.
    ///
    /// # Errors
    /// With the background where it lacks most.
    pub fn judge(&self, accent: Colour, scheme: Scheme) -> Result<(), LowContrast> {
        let Some(fault) = self.worst(accent, scheme) else {
            return Ok(());
        };
        let [l, c, h] = accent.lch();
        let steps = (1..)
            .map(|step| step as f32 * STEP)
            .take_while(|step| *step <= 1.0);
        // Lighter and darker alternately, so that the first that passes is the nearest.
        let lightness = steps.flat_map(|step| [l - step, l + step]);
        let tried = lightness
            .filter(|l| (0.0..=1.0).contains(l))
            .map(|l| Colour::of_lch(l, c, h));
        Err(LowContrast {
            nearest: { tried }.find(|tried| self.worst(*tried, scheme).is_none()),
            ..fault
        })
    }

    fn worst(&self, accent: Colour, scheme: Scheme) -> Option<LowContrast> {
        let grounds = GROUNDS.iter().filter_map(|&(property, place, needed)| {
            let ground = match property {
                SOFT => self.soft(accent, scheme),
                _ => self.get(scheme, property)?,
            };
            let ratio = accent.contrast(ground);
            (ratio < needed).then_some(LowContrast {
                place,
                ground,
                ratio,
                needed,
                nearest: None,
            })
        });
        let lack = |fault: &LowContrast| fault.ratio / fault.needed;
        grounds.min_by(|one, other| lack(one).total_cmp(&lack(other)))
    }

    /// Returns the quiet background of an accent: its hue, hardly any chroma, and so light or dark
    /// that all text on it is legible.
    fn soft(&self, accent: Colour, scheme: Scheme) -> Colour {
        let [_, c, h] = accent.lch();
        let (l, away, c) = match scheme {
            Scheme::Light => (0.943, STEP, (c * 0.2).min(0.03)),
            Scheme::Dark => (0.295, -STEP, (c * 0.36).min(0.05)),
        };
        let readable = |ground: &Colour| {
            let mut texts = TEXTS.iter().filter_map(|text| self.get(scheme, text));
            texts.all(|text| text.contrast(*ground) >= 4.5)
        };
        let mut grounds = (0..28).map(|step| Colour::of_lch(l + step as f32 * away, c, h));
        let first = Colour::of_lch(l, c, h);
        grounds.find(readable).unwrap_or(first)
    }

    /// Returns the accent for dark surroundings that matches one for light ones.
    pub fn dark(&self, light: Colour) -> Colour {
        let [_, c, h] = light.lch();
        let dark = Colour::of_lch(0.776, (c * 1.33).min(0.14), h);
        match self.judge(dark, Scheme::Dark) {
            Err(LowContrast {
                nearest: Some(nearest),
                ..
            }) => nearest,
            _ => dark,
        }
    }

    /// Returns the accent with all derived colours.
    pub fn accent(&self, light: Colour, dark: Colour) -> Accent {
        let tint = |accent, scheme| Tint {
            accent,
            soft: self.soft(accent, scheme),
        };
        Accent {
            light: tint(light, Scheme::Light),
            dark: tint(dark, Scheme::Dark),
        }
    }
}

impl Accent {
    /// Returns the accent for light surroundings.
    pub fn light(&self) -> Colour {
        self.light.accent
    }

    /// Returns rules for the end of a style sheet, which override its colours.
    pub fn rules(&self) -> String {
        let tint = |tint: Tint| format!("--accent: {}; --soft: {};", tint.accent, tint.soft);
        let (light, dark) = (tint(self.light), tint(self.dark));
        // As specific as the rules before them. Paper keeps its white backgrounds. They are
        // appended to the one hashed sheet, since the policy of a page allows no inline style.
        format!(
            "\n/* The accent that `site.yaml` sets */\n\
             @media screen {{\n  :root {{ {light} }}\n  :root[data-theme=dark] {{ {dark} }}\n}}\n\
             @media screen and (prefers-color-scheme: dark) {{\n  :root:not([data-theme=light]) {{ {dark} }}\n}}\n\
             @media print {{\n  :root:root {{ --accent: {}; }}\n}}\n",
            self.light.accent
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    fn built_in() -> Palettes {
        Palettes::read(STYLE_SHEET)
    }

    #[test]
    fn colours_are_read_as_css_writes_them() {
        for (written, hex) in [
            ("#0d6552", "#0d6552"),
            ("#ABC", "#aabbcc"),
            ("#0d6552ff", "#0d6552"),
            ("rebeccapurple", "#663399"),
            ("rgb(13 101 82)", "#0d6552"),
            ("rgb(13, 101, 82)", "#0d6552"),
            ("hsl(270 50% 40%)", "#663399"),
            ("oklch(45.375% 0.083 173.2)", "#0d6552"),
            // Outside sRGB: as much of its green as a screen has.
            ("color(display-p3 0 0.4 0.1)", "#006326"),
        ] {
            assert_eq!(colour(written).to_string(), hex, "{written}");
        }
        for (written, help) in [
            ("0d6552", "did you mean \"#0d6552\"?"),
            ("ABC", "did you mean \"#ABC\"?"),
            ("#0d65", "opaque"),
            ("transparent", "opaque"),
            ("rgb(0 0 0 / .5)", "opaque"),
            ("#0d655", "CSS colour"),
            ("teel", "CSS colour"),
            ("var(--x)", "CSS colour"),
            ("", "CSS colour"),
            ("red; } body { display: none", "CSS colour"),
        ] {
            let reason = Colour::parse(written).unwrap_err();
            assert!(reason.contains(help), "{written}: {reason}");
        }
    }

    #[test]
    fn every_colour_survives_its_own_notation() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(17) {
                for blue in (0..=255).step_by(51) {
                    let written = format!("#{red:02x}{green:02x}{blue:02x}");
                    assert_eq!(colour(&written).to_string(), written);
                }
            }
        }
    }

    #[test]
    fn the_palettes_are_those_of_the_style_sheet() {
        let palettes = built_in();
        assert_eq!(palettes.light.len(), palettes.dark.len());
        for (property, ..) in GROUNDS {
            for palette in [&palettes.light, &palettes.dark] {
                assert!(palette.contains_key(property), "{property}");
            }
        }
        assert!(TEXTS.iter().all(|text| palettes.light.contains_key(*text)));
        // Print has a palette too, which must not be taken for the light one.
        assert_eq!(palettes.light["--accent"], colour("#0d6552"));
        assert_eq!(palettes.dark["--accent"], colour("#62cdac"));
    }

    /// A whole wheel of hues, pale and strong, too light and too dark: an accepted or suggested
    /// colour is legible on every background, and so is all other text on the derived colours.
    #[test]
    fn what_is_offered_can_be_read() {
        let palettes = built_in();
        for scheme in [Scheme::Light, Scheme::Dark] {
            for hue in (0..360).step_by(10) {
                for (l, c) in [
                    (0.2, 0.05),
                    (0.45, 0.0),
                    (0.55, 0.2),
                    (0.75, 0.12),
                    (0.95, 0.3),
                ] {
                    let accent = Colour::of_lch(l, c, hue as f32);
                    let accent = match palettes.judge(accent, scheme) {
                        Ok(()) => accent,
                        Err(fault) => fault.nearest.unwrap(),
                    };
                    assert_eq!(palettes.judge(accent, scheme), Ok(()), "{accent}");
                    let soft = palettes.soft(accent, scheme);
                    for text in TEXTS {
                        let ratio = palettes.get(scheme, text).unwrap().contrast(soft);
                        assert!(ratio >= 4.5, "{text} on {soft} of {accent}: {ratio}");
                    }
                    let dark = palettes.dark(accent);
                    assert_eq!(palettes.judge(dark, Scheme::Dark), Ok(()), "{dark}");
                }
            }
        }
    }

    #[test]
    fn the_nearest_colour_keeps_its_hue_and_is_near() {
        let palettes = built_in();
        let fault = palettes
            .judge(colour("#2a9d8f"), Scheme::Light)
            .unwrap_err();
        assert_eq!((fault.place, fault.needed), ("its own quiet ground", 5.5));
        let nearest = fault.nearest.unwrap();
        let ([l, _, h], [near_l, _, near_h]) = (colour("#2a9d8f").lch(), nearest.lch());
        assert!((h - near_h).abs() < 1.5, "{h} {near_h}");
        assert!(near_l < l);
        let lighter = Colour::of_lch(near_l + 0.01, 0.1, h);
        assert!(palettes.judge(lighter, Scheme::Light).is_err());
    }

    /// The built-in colours were chosen by eye; the colours derived from their accent are near to
    /// them.
    #[test]
    fn the_built_in_palette_is_what_its_accent_leads_to() {
        let palettes = built_in();
        let accent = palettes.light["--accent"];
        let derived = palettes.accent(accent, palettes.dark(accent));
        for (colour, palette, property) in [
            (derived.light.soft, &palettes.light, SOFT),
            (derived.dark.accent, &palettes.dark, "--accent"),
            (derived.dark.soft, &palettes.dark, SOFT),
        ] {
            let difference = colour.srgb().difference(palette[property].srgb());
            assert!(
                difference < 0.03,
                "{property}: {colour}, off by {difference}"
            );
        }
    }

    #[test]
    fn grey_stays_grey() {
        let derived = built_in().accent(colour("#444"), built_in().dark(colour("#444")));
        let Colour([r, g, b]) = derived.dark.soft;
        assert!(
            r.abs_diff(g) < 2 && g.abs_diff(b) < 2,
            "{}",
            derived.dark.soft
        );
    }

    #[test]
    fn a_projects_own_grounds_are_what_is_measured() {
        let sheet = ":root{--paper:#777}\n:root[data-theme=\"dark\"] { --paper: black }";
        let palettes = Palettes::read(sheet);
        assert!(palettes.judge(colour("#0d6552"), Scheme::Light).is_err());
        assert_eq!(
            palettes.judge(palettes.dark(colour("#0d6552")), Scheme::Dark),
            Ok(())
        );
        let without = Palettes::read("body { color: red }");
        assert_eq!(without.judge(colour("#0d6552"), Scheme::Light), Ok(()));
    }
}
