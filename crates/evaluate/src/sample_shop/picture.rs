//! Pictures of products, drawn in a few shapes and the product's colour, as `data:` URIs of one to two kilobytes.

use std::fmt::Write as _;

/// What a product looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(super) enum Shape {
    Tent, SleepingBag, Backpack, Pot, Lantern, Bottle, Pillow, Lamp, Rug, Basket, Candle, Pan, Knife, Kettle, Mug, Cake, Book,
    Blocks, Puzzle, Bear, Dice, Jacket, Shirt, Jumper, Trousers, Boot, Shoe, Sandal, PlantPot, Spade, Seeds, Chair, Mat, Wheel,
    Headphones, Speaker, Plug, Keyboard, Notebook, Pen, Soap, Jar, Bowl,
}

impl Shape {
    /// The drawing in a square of 120, standing on y = 98. `@m` is the product's colour, `@d` darker, `@l` lighter.
    #[rustfmt::skip]
    fn drawing(self) -> &'static str {
        match self {
            Shape::Tent => "<path fill='@m' d='M60 34 14 98h92z'/><path fill='@d' d='M60 34 46 98h30z'/><path fill='@l' d='M60 34 56 98h8z'/><path stroke='@d' stroke-width='3' d='M60 34 64 26M14 98l-6 3M106 98l6 3'/>",
            Shape::SleepingBag => "<path fill='@m' d='M38 40q22-22 44 0l8 42q0 16-30 16t-30-16z'/><ellipse fill='@d' cx='60' cy='44' rx='15' ry='11'/><ellipse fill='@l' cx='60' cy='46' rx='10' ry='7'/><path stroke='@d' stroke-width='2' fill='none' d='M34 62q26 8 52 0M31 78q29 8 58 0M60 55v42'/>",
            Shape::Backpack => "<path fill='none' stroke='@d' stroke-width='5' d='M48 32q12-14 24 0'/><rect fill='@m' x='32' y='30' width='56' height='68' rx='18'/><rect fill='@d' x='40' y='64' width='40' height='26' rx='7'/><rect fill='@l' x='40' y='44' width='40' height='9' rx='4'/><circle fill='@l' cx='60' cy='74' r='3'/>",
            Shape::Pot => "<rect fill='@m' x='32' y='56' width='56' height='42' rx='6'/><rect fill='@d' x='28' y='50' width='64' height='8' rx='4'/><circle fill='@d' cx='60' cy='45' r='5'/><path stroke='@d' stroke-width='6' d='M88 66h16'/><path stroke='@l' stroke-width='3' fill='none' d='M50 36q-5-6 0-12M66 36q-5-6 0-12'/>",
            Shape::Lantern => "<path fill='none' stroke='@d' stroke-width='4' d='M44 46q16-34 32 0'/><rect fill='@d' x='40' y='44' width='40' height='9' rx='4'/><rect fill='@l' x='44' y='53' width='32' height='36'/><path fill='#ffc94d' d='M60 58q11 13 0 26-11-13 0-26'/><rect fill='@m' x='38' y='88' width='44' height='10' rx='4'/>",
            Shape::Bottle => "<rect fill='@d' x='51' y='22' width='18' height='12' rx='3'/><path fill='@m' d='M50 36h20q0 8 6 14v42q0 6-6 6H50q-6 0-6-6V50q6-6 6-14'/><rect fill='@l' x='44' y='62' width='32' height='16'/><path stroke='#fff' stroke-opacity='.5' stroke-width='3' d='M50 56v36'/>",
            Shape::Pillow => "<path fill='@d' d='M18 84q42 12 84 0v14H18z'/><path fill='@m' d='M26 52q34-10 68 0 8 16 0 34-34 8-68 0-8-18 0-34'/><path stroke='@l' stroke-width='3' fill='none' d='M34 58q26-7 52 0M34 80q26 6 52 0'/>",
            Shape::Lamp => "<path fill='@m' d='M44 26h32l14 34H30z'/><path fill='#ffe2a0' d='M30 60h60l10 32H20z' opacity='.5'/><rect fill='@d' x='57' y='60' width='6' height='32'/><rect fill='@d' x='42' y='91' width='36' height='7' rx='3'/><path fill='@l' d='M50 26h6l-6 34h-8z'/>",
            Shape::Rug => "<path fill='@m' d='M34 46h60L84 98H18z'/><path fill='none' stroke='@l' stroke-width='3' d='M40 54h44l-7 36H28z'/><path fill='@d' d='m58 60 12 12-14 12-12-12z'/><path stroke='@d' stroke-width='2' d='M34 46l-2-5M50 46l-2-5M66 46l-2-5M82 46l-2-5'/>",
            Shape::Basket => "<path fill='none' stroke='@d' stroke-width='5' d='M36 56q24-40 48 0'/><path fill='@m' d='M26 54h68l-8 44H34z'/><path stroke='@l' stroke-width='3' d='M28 66h64M30 78h60M32 89h56'/><path stroke='@d' stroke-width='3' d='M44 54l4 44M60 54v44M76 54l-4 44'/>",
            Shape::Candle => "<path fill='#ffb53d' d='M60 22q10 13 0 22-10-9 0-22'/><path stroke='#333' stroke-width='2' d='M60 42v9'/><rect fill='@m' x='40' y='50' width='40' height='48' rx='5'/><rect fill='@l' x='46' y='64' width='28' height='20' rx='2'/><path stroke='@d' stroke-width='2' d='M51 71h18M51 77h12'/>",
            Shape::Pan => "<circle fill='@d' cx='50' cy='66' r='32'/><circle fill='@m' cx='50' cy='66' r='26'/><path stroke='@d' stroke-width='9' stroke-linecap='round' d='M74 48l30-24'/><circle fill='@l' cx='50' cy='66' r='13' opacity='.7'/><circle fill='#ffc94d' cx='52' cy='65' r='6'/>",
            Shape::Knife => "<path fill='#dde3e8' d='M22 60q40-18 58-4v14H30q-6-4-8-10'/><path fill='none' stroke='#fff' stroke-width='2' d='M28 62q30-10 50-4'/><rect fill='@m' x='78' y='54' width='30' height='16' rx='6'/><circle fill='@l' cx='88' cy='62' r='2'/><circle fill='@l' cx='98' cy='62' r='2'/><rect fill='@d' x='18' y='84' width='84' height='10' rx='4'/>",
            Shape::Kettle => "<path fill='none' stroke='@d' stroke-width='5' d='M78 56q26 4 14 36'/><path fill='none' stroke='@m' stroke-width='6' d='M40 82Q22 80 20 48l-6-4'/><path fill='@m' d='M44 48h32l8 50H36z'/><rect fill='@d' x='42' y='42' width='36' height='7' rx='3'/><circle fill='@d' cx='60' cy='38' r='5'/><path stroke='@l' stroke-width='4' d='M50 58l-4 32'/>",
            Shape::Mug => "<path fill='none' stroke='@d' stroke-width='7' d='M80 58q24 0 16 18-4 8-18 8'/><path fill='@m' d='M32 46h50v40q0 12-12 12H44q-12 0-12-12z'/><rect fill='@l' x='32' y='60' width='50' height='9'/><path stroke='@d' stroke-width='3' fill='none' d='M48 38q-5-7 0-14M62 38q-5-7 0-14'/>",
            Shape::Cake => "<path fill='#e9c58f' d='M30 62q30-38 60 0z'/><path fill='@l' d='M30 60q30-36 60 0-8 8-15 0-8 8-15 0-8 8-15 0-7 8-15 0'/><path fill='@m' d='M26 62h68l-7 36H33z'/><path stroke='@d' stroke-width='3' d='M42 64l3 32M60 64v32M78 64l-3 32'/><circle fill='#c8324a' cx='60' cy='36' r='5'/>",
            Shape::Book => "<path fill='@d' d='M34 24h54v74H34q-6-3-6-9V30q0-4 6-6'/><path fill='#f6f1e4' d='M34 88h52v7H34z'/><path fill='@m' d='M38 24h50v62H38z'/><path fill='@l' d='M46 34h34v5H46zM46 43h24v4H46z'/><circle fill='@l' cx='63' cy='66' r='11'/><path fill='@d' d='M63 57l9 14H54z'/>",
            Shape::Blocks => "<rect fill='@m' x='24' y='66' width='32' height='32'/><rect fill='@d' x='60' y='66' width='32' height='32'/><path fill='@l' d='M42 66V36h34v30z'/><path fill='#e2574c' d='M59 14 42 36h34z'/><circle fill='@m' cx='59' cy='51' r='8'/><circle fill='@l' cx='40' cy='82' r='7'/>",
            Shape::Puzzle => "<path fill='@m' d='M26 38h26q-6-16 8-16t8 16h26v24q-16-6-16 8t16 8v20H26z'/><path fill='@d' d='M60 98V78q-14 4-14-7t14-7V38h-8v-2h16v2h26v24q-16-6-16 8t16 8v20z' opacity='.55'/><circle fill='@l' cx='40' cy='54' r='6'/>",
            Shape::Bear => "<circle fill='@d' cx='42' cy='34' r='10'/><circle fill='@d' cx='78' cy='34' r='10'/><circle fill='@m' cx='60' cy='48' r='24'/><ellipse fill='@m' cx='60' cy='84' rx='26' ry='16'/><ellipse fill='@l' cx='60' cy='56' rx='11' ry='9'/><circle cx='51' cy='44' r='3'/><circle cx='69' cy='44' r='3'/><ellipse cx='60' cy='53' rx='4' ry='3'/><ellipse fill='@l' cx='60' cy='86' rx='13' ry='9'/>",
            Shape::Dice => "<rect fill='@m' x='24' y='54' width='44' height='44' rx='9'/><rect fill='@d' x='58' y='34' width='40' height='40' rx='8' transform='rotate(14 78 54)'/><g fill='#fff'><circle cx='36' cy='66' r='4'/><circle cx='56' cy='86' r='4'/><circle cx='46' cy='76' r='4'/><circle cx='70' cy='48' r='4'/><circle cx='86' cy='60' r='4'/></g>",
            Shape::Jacket => "<path fill='@m' d='M44 28h32l20 14-6 36-10-2v22H40V76l-10 2-6-36z'/><path fill='@d' d='M48 28q12 14 24 0l-4-6H52z'/><path stroke='@l' stroke-width='3' d='M60 36v62'/><path stroke='@d' stroke-width='3' d='M44 76h11M65 76h11'/><path fill='@l' d='M40 48l-12-2 2-5 10 1z'/>",
            Shape::Shirt => "<path fill='@m' d='M44 30h32l24 16-10 18-10-6v40H40V58l-10 6-10-18z'/><path fill='@d' d='M48 30q12 16 24 0z'/><path fill='@l' d='M40 66h40v8H40zM40 80h40v4H40z'/>",
            Shape::Jumper => "<path fill='@m' d='M44 30h32l20 14 6 46-12 2-10-34v40H40V58L30 92l-12-2 6-46z'/><path fill='@d' d='M46 30q14 12 28 0v-6H46z'/><path fill='none' stroke='@l' stroke-width='4' d='m40 62 7 7 6-7 7 7 7-7 6 7 7-7M40 76l7 7 6-7 7 7 7-7 6 7 7-7'/><rect fill='@d' x='40' y='91' width='40' height='7'/>",
            Shape::Trousers => "<path fill='@m' d='M38 24h44l6 74H68l-8-48-8 48H32z'/><rect fill='@d' x='38' y='24' width='44' height='8'/><path stroke='@l' stroke-width='2' fill='none' d='M60 32v14M44 34q0 9-7 10M76 34q0 9 7 10'/><path fill='@d' d='M32 92h21v6H32zM67 92h21v6H67z'/>",
            Shape::Boot => "<path fill='@m' d='M38 26h28v36q26 4 32 22v8H36z'/><path fill='@d' d='M34 90h66v8H34z'/><path stroke='@l' stroke-width='3' d='M52 38h14M52 46h14M54 54h14M60 62h14'/><path fill='@d' d='M38 26h28v8H38z'/>",
            Shape::Shoe => "<path fill='@m' d='M20 62q14 8 26-6l34 20q22 2 22 14H20z'/><path fill='#f4f1ea' d='M18 88h86v6q0 4-6 4H24q-6 0-6-6z'/><path stroke='@l' stroke-width='3' d='M50 64l8-7M58 69l8-7M66 74l8-7'/><path fill='@d' d='M20 62q4 3 10 2v24H20z'/>",
            Shape::Sandal => "<path fill='@d' d='M16 84q40-10 88 2v8q0 4-5 4H22q-6 0-6-6z'/><path fill='none' stroke='@m' stroke-width='9' d='M34 82q10-34 34-6M62 84q14-26 30-2'/><path stroke='@l' stroke-width='4' d='M20 86q40-9 80 2' fill='none'/>",
            Shape::PlantPot => "<path fill='#4f8a4c' d='M60 62Q30 58 32 26q26 4 28 36Q62 24 90 22q0 34-30 40'/><path fill='#3c6e3b' d='M60 62Q50 36 60 14q12 22 0 48'/><path fill='@m' d='M36 66h48l-7 32H43z'/><rect fill='@d' x='32' y='60' width='56' height='10' rx='3'/><path stroke='@l' stroke-width='3' d='M45 80h30'/>",
            Shape::Spade => "<rect fill='#b98a56' x='57' y='28' width='7' height='40'/><path fill='none' stroke='@d' stroke-width='6' d='M46 24h28'/><path fill='@m' d='M44 62h32v18q0 12-16 20-16-8-16-20z'/><path fill='@l' d='M50 66h6v26q-6-5-6-12z'/>",
            Shape::Seeds => "<path fill='@m' d='M36 26h48v72H36z'/><path fill='@d' d='M36 26h48v10H36z'/><circle fill='@l' cx='60' cy='64' r='18'/><path fill='#4f8a4c' d='M60 80V58q-14 0-14-12 14 0 14 12 0-14 14-14 0 14-14 14'/><path stroke='@l' stroke-width='3' d='M46 90h28'/>",
            Shape::Chair => "<path stroke='@d' stroke-width='5' d='M36 98l44-50M80 98 42 60'/><path fill='@m' d='M38 66h46l-5 9H34z'/><path fill='@m' d='M70 22h18l-6 42H66z'/><path stroke='@l' stroke-width='3' d='M71 32h14M70 42h14M68 52h14'/>",
            Shape::Mat => "<path fill='@m' d='M34 62h72l-14 34H20z'/><circle fill='@d' cx='32' cy='80' r='18'/><circle fill='@m' cx='32' cy='80' r='12'/><circle fill='@l' cx='32' cy='80' r='6'/><path stroke='@l' stroke-width='2' d='M58 68h40M54 90h38'/>",
            Shape::Wheel => "<circle fill='none' stroke='@d' stroke-width='7' cx='60' cy='62' r='36'/><circle fill='none' stroke='@l' stroke-width='3' cx='60' cy='62' r='29'/><path stroke='@m' stroke-width='3' d='M60 33v58M31 62h58M39 41l42 42M81 41 39 83'/><circle fill='@m' cx='60' cy='62' r='9'/>",
            Shape::Headphones => "<path fill='none' stroke='@d' stroke-width='8' d='M30 72q0-48 30-48t30 48'/><rect fill='@m' x='20' y='62' width='22' height='36' rx='10'/><rect fill='@m' x='78' y='62' width='22' height='36' rx='10'/><rect fill='@l' x='36' y='66' width='8' height='28' rx='4'/><rect fill='@l' x='76' y='66' width='8' height='28' rx='4'/>",
            Shape::Speaker => "<rect fill='@m' x='34' y='22' width='52' height='76' rx='8'/><circle fill='@d' cx='60' cy='70' r='20'/><circle fill='@l' cx='60' cy='70' r='9'/><circle fill='@d' cx='60' cy='38' r='9'/><circle fill='@l' cx='60' cy='38' r='4'/>",
            Shape::Plug => "<path stroke='@d' stroke-width='5' fill='none' d='M60 92q0 10 20 6t24-20'/><rect fill='@m' x='38' y='44' width='44' height='48' rx='10'/><path stroke='@d' stroke-width='6' d='M50 26v18M70 26v18'/><path fill='@l' d='M63 54 50 72h9l-3 13 14-19h-9z'/>",
            Shape::Keyboard => "<rect fill='@m' x='14' y='54' width='92' height='40' rx='7'/><g fill='@l'><path d='M22 61h10v8H22zM36 61h10v8H36zM50 61h10v8H50zM64 61h10v8H64zM78 61h20v8H78zM22 73h16v8H22zM42 73h10v8H42zM56 73h10v8H56zM70 73h10v8H70zM84 73h14v8H84z'/></g><path fill='@d' d='M38 84h44v6H38z'/>",
            Shape::Notebook => "<rect fill='@d' x='36' y='24' width='54' height='74' rx='5'/><rect fill='@m' x='32' y='22' width='54' height='74' rx='5'/><path stroke='@l' stroke-width='4' d='M76 22v74'/><rect fill='@l' x='40' y='34' width='28' height='16' rx='2'/><path fill='#e2574c' d='M52 96h7v14l-3-4-4 4z'/>",
            Shape::Pen => "<path fill='@m' d='m84 20 14 14-50 52-16-16z'/><path fill='@d' d='m32 70 16 16-26 12z'/><path fill='#e8e2d4' d='m26 85 9 8-13 5z'/><path stroke='@l' stroke-width='4' d='M82 30 46 67'/><path fill='@d' d='m84 20 5-5 14 14-5 5z'/>",
            Shape::Soap => "<rect fill='@m' x='24' y='56' width='72' height='38' rx='16'/><rect fill='@l' x='36' y='64' width='48' height='20' rx='9'/><path stroke='@d' stroke-width='3' d='M46 74h28'/><circle fill='#fff' opacity='.8' cx='38' cy='44' r='9'/><circle fill='#fff' opacity='.8' cx='58' cy='34' r='6'/><circle fill='#fff' opacity='.8' cx='80' cy='44' r='11'/>",
            Shape::Jar => "<rect fill='@d' x='36' y='34' width='48' height='14' rx='4'/><rect fill='@m' x='32' y='48' width='56' height='50' rx='10'/><rect fill='@l' x='40' y='60' width='40' height='24' rx='3'/><path fill='@d' d='M60 64q9 8 0 16-9-8 0-16'/>",
            Shape::Bowl => "<path fill='#b98a56' d='M40 62q4-14 12-4 2-14 12-4 6-10 14 8z'/><path fill='@m' d='M24 62h72l10 36H14z'/><path fill='@d' d='M24 62h72l2 8H22z'/><path fill='@l' d='M48 80h24v5H48z'/><circle fill='@l' cx='46' cy='82' r='6'/><circle fill='@l' cx='74' cy='82' r='6'/>",
        }
    }
}

/// The picture of a product as a `data:` URI below 4 KB. `variation` moves the background, so that neighbours differ.
pub(super) fn data_uri(shape: Shape, colour: [u8; 3], variation: u32) -> String {
    let hue = variation % 7;
    let backdrop = mix(
        mix(colour, [255, 255, 255], 0.82),
        [[255, 244, 224], [226, 240, 250], [236, 246, 230]][variation as usize % 3],
        0.5,
    );
    let halo = mix(backdrop, [255, 255, 255], 0.55);
    let (x, y, radius) = (38 + hue * 7, 40 + (variation / 7) % 5 * 5, 34 + (variation / 35) % 4 * 4);
    let mut svg = String::with_capacity(1536);
    let _ = write!(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 120 120'><rect width='120' height='120' fill='{}'/>\
         <circle cx='{x}' cy='{y}' r='{radius}' fill='{}'/><ellipse cx='60' cy='99' rx='44' ry='6' opacity='.13'/>{}</svg>",
        hex(backdrop),
        hex(halo),
        shape
            .drawing()
            .replace("@m", &hex(colour))
            .replace("@d", &hex(mix(colour, [20, 20, 30], 0.35)))
            .replace("@l", &hex(mix(colour, [255, 255, 255], 0.5))),
    );
    let mut uri = String::with_capacity(svg.len() * 5 / 4);
    uri.push_str("data:image/svg+xml,");
    for b in svg.bytes() {
        // RFC 3986: what may stand in a path as it is; everything else is percent-encoded.
        if b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&b) {
            uri.push(char::from(b));
        } else {
            let _ = write!(uri, "%{b:02X}");
        }
    }
    uri
}

fn mix(from: [u8; 3], to: [u8; 3], share: f64) -> [u8; 3] {
    std::array::from_fn(|at| (f64::from(from[at]) * (1.0 - share) + f64::from(to[at]) * share).round() as u8)
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}
