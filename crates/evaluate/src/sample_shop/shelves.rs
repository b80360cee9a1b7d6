//! The shelves of the shop: what is sold, of what, for whom.

use super::picture::Shape;
use super::words::{Season, Shelf, Sizes};

/// A shelf in one table row: names, words, then how it is sold. A noun may name the one material it is made of: `Wok|carbon steel`.
macro_rules! shelf {
    ($department:literal, $name:literal, $shape:ident, [$($noun:literal),+], [$($material:literal),+], [$($use:literal),+],
     [$($feature:literal),+], $low:literal .. $high:literal, $sizes:ident, $colours:literal, $season:ident, [$($with:literal),*]) => {
        Shelf {
            department: $department, name: $name, shape: Shape::$shape, nouns: &[$($noun),+], materials: &[$($material),+],
            uses: &[$($use),+], features: &[$($feature),+], price: ($low, $high), sizes: Sizes::$sizes, colours_max: $colours,
            season: Season::$season, complements: &[$($with),*],
        }
    };
}

pub(super) const SHELVES: [Shelf; 48] = [
    shelf!(
        "Outdoor",
        "Tents",
        Tent,
        ["2-Person Tent", "Dome Tent", "Tunnel Tent", "Trekking Tent", "Family Tent"],
        ["ripstop nylon", "recycled polyester", "cotton canvas"],
        ["for weekends in the hills", "for long tours with little luggage", "for families who camp"],
        [
            "Two doors and a wide porch keep boots and bags dry.",
            "It is up in four minutes, even in the wind.",
            "The taped floor holds a water column of 5,000 mm.",
            "Mesh panels keep the air fresh and the midges out."
        ],
        89.0..549.0,
        One,
        3,
        Summer,
        ["Sleeping Bags", "Camp Kitchen", "Lanterns"]
    ),
    shelf!(
        "Outdoor",
        "Sleeping Bags",
        SleepingBag,
        ["Down Sleeping Bag|duck down", "Mummy Sleeping Bag", "Summer Sleeping Bag", "Quilt"],
        ["duck down", "recycled fibre fill", "merino wool"],
        ["for cold nights under the stars", "for three seasons", "for light sleepers on the road"],
        [
            "The draught collar keeps the warmth where it belongs.",
            "It packs down to the size of a loaf of bread.",
            "A two-way zip lets your feet cool off.",
            "Comfortable down to minus five degrees."
        ],
        49.0..349.0,
        One,
        3,
        Summer,
        ["Tents", "Backpacks"]
    ),
    shelf!(
        "Outdoor",
        "Backpacks",
        Backpack,
        ["Hiking Backpack", "Daypack", "Trekking Backpack 55 l", "Roll-Top Backpack"],
        ["recycled nylon", "waxed cotton", "ripstop nylon"],
        ["for a day in the mountains", "for the way to work and beyond", "for weeks on the trail"],
        [
            "A ventilated back keeps your shirt dry.",
            "The hip belt takes the load off your shoulders.",
            "A rain cover hides in the bottom pocket.",
            "The side pockets hold a one-litre bottle each."
        ],
        39.0..249.0,
        One,
        4,
        Spring,
        ["Water Bottles", "Hiking Boots", "Sleeping Bags"]
    ),
    shelf!(
        "Outdoor",
        "Camp Kitchen",
        Pot,
        ["Camping Stove", "Camp Cook Set", "Enamel Pot|enamelled steel", "Folding Cutlery Set|titanium"],
        ["hard-anodised aluminium", "enamelled steel", "titanium"],
        ["for hot meals far from home", "for two hungry hikers", "for coffee at sunrise"],
        [
            "It boils half a litre in under three minutes.",
            "The handles fold away and stay cool.",
            "Everything nests into one pot.",
            "It stands firmly on uneven ground."
        ],
        19.0..129.0,
        One,
        2,
        Summer,
        ["Tents", "Water Bottles"]
    ),
    shelf!(
        "Outdoor",
        "Lanterns",
        Lantern,
        [
            "Camping Lantern",
            "Head Torch|recycled plastic",
            "Solar Lantern|recycled plastic",
            "String Lights|frosted glass"
        ],
        ["anodised aluminium", "recycled plastic", "frosted glass"],
        ["for long evenings outside", "for the way to the tent", "for terraces and balconies"],
        [
            "One charge lasts forty hours.",
            "Three levels of brightness and a warm red light.",
            "It withstands rain and a drop from table height.",
            "A hook and a magnet hold it anywhere."
        ],
        14.0..89.0,
        One,
        3,
        Summer,
        ["Tents"]
    ),
    shelf!(
        "Outdoor",
        "Water Bottles",
        Bottle,
        ["Water Bottle", "Insulated Bottle|stainless steel", "Wide-Mouth Flask", "Travel Mug|stainless steel"],
        ["stainless steel", "borosilicate glass", "recycled plastic"],
        ["for every bag", "for hot tea on cold summits", "for the gym and the desk"],
        [
            "Drinks stay cold for a day and hot for twelve hours.",
            "The lid seals tight and opens with one hand.",
            "It fits every cup holder.",
            "No coating, no taste, nothing to hide."
        ],
        12.0..49.0,
        Volumes,
        2,
        Always,
        ["Backpacks", "Running"]
    ),
    shelf!(
        "Home",
        "Bedding",
        Pillow,
        ["Duvet Cover Set", "Linen Sheet|washed linen", "Wool Blanket|lambswool", "Pillowcase Pair"],
        ["washed linen", "organic cotton", "lambswool"],
        ["for deep sleep", "for warm and cold nights alike", "for bedrooms with character"],
        [
            "It gets softer with every wash.",
            "Coconut buttons close the cover.",
            "The yarn is dyed before weaving, so the colour stays.",
            "It breathes in summer and warms in winter."
        ],
        35.0..229.0,
        Beds,
        2,
        Winter,
        ["Lamps", "Candles"]
    ),
    shelf!(
        "Home",
        "Lamps",
        Lamp,
        ["Table Lamp", "Floor Lamp", "Pendant Lamp", "Reading Lamp"],
        ["brushed brass", "powder-coated steel", "ash wood"],
        ["for reading corners", "for tables where people stay late", "for desks and bedsides"],
        [
            "The light is warm and does not glare.",
            "A touch on the base dims it in three steps.",
            "The joint moves smoothly and stays where you leave it.",
            "The textile cable is two metres long."
        ],
        29.0..279.0,
        One,
        3,
        Winter,
        ["Bedding", "Rugs"]
    ),
    shelf!(
        "Home",
        "Rugs",
        Rug,
        ["Wool Rug|New Zealand wool", "Flat-Weave Rug", "Hallway Runner", "Jute Rug|jute"],
        ["New Zealand wool", "jute", "recycled cotton"],
        ["for bare feet", "for halls that see a lot of traffic", "for living rooms"],
        [
            "It lies flat from the first day.",
            "The pattern is woven in, not printed.",
            "Stains come off with cold water.",
            "Underfloor heating is no problem."
        ],
        49.0..399.0,
        One,
        3,
        Always,
        ["Lamps", "Storage"]
    ),
    shelf!(
        "Home",
        "Storage",
        Basket,
        ["Storage Basket", "Stacking Box|birch plywood", "Wall Shelf|birch plywood", "Laundry Basket|seagrass"],
        ["seagrass", "birch plywood", "felted wool"],
        ["for everything without a place", "for tidy hallways", "for small flats"],
        [
            "The boxes stack and the lids stay on.",
            "Leather handles make it easy to carry.",
            "It folds flat when you do not need it.",
            "All fittings are included."
        ],
        15.0..119.0,
        One,
        2,
        Always,
        ["Rugs"]
    ),
    shelf!(
        "Home",
        "Candles",
        Candle,
        ["Scented Candle|rapeseed wax", "Pillar Candle", "Beeswax Candle Set|beeswax", "Tea Light Holder|stoneware"],
        ["rapeseed wax", "beeswax", "stoneware"],
        ["for quiet evenings", "for long dinners", "for grey afternoons"],
        [
            "It burns cleanly for forty-five hours.",
            "The scent of cedar and orange is there without pushing.",
            "The glass makes a good tumbler afterwards.",
            "The cotton wick needs no trimming."
        ],
        9.0..49.0,
        One,
        4,
        Gifts,
        ["Bedding", "Soap"]
    ),
    shelf!(
        "Kitchen",
        "Cookware",
        Pan,
        ["Cast Iron Pan|cast iron", "Frying Pan", "Casserole", "Saucepan|stainless steel", "Wok|carbon steel"],
        ["cast iron", "carbon steel", "stainless steel"],
        ["for steaks and slow stews", "for every hob", "for cooks who sear"],
        [
            "It goes from hob to oven to table.",
            "Seasoned and ready to use, it gets better every time.",
            "The thick base spreads the heat evenly.",
            "The handle stays cool for as long as you need it to."
        ],
        29.0..239.0,
        One,
        2,
        Always,
        ["Knives", "Bakeware"]
    ),
    shelf!(
        "Kitchen",
        "Knives",
        Knife,
        ["Chef's Knife", "Paring Knife", "Bread Knife", "Santoku Knife"],
        ["high-carbon steel", "walnut and steel", "layered steel"],
        ["for clean cuts", "for people who cook every day", "for bread with a crust"],
        [
            "The blade is forged in one piece and balanced by hand.",
            "The edge keeps for months.",
            "The handle sits well in large and small hands.",
            "It comes in a box with a blade guard."
        ],
        19.0..219.0,
        One,
        1,
        Gifts,
        ["Cookware"]
    ),
    shelf!(
        "Kitchen",
        "Coffee & Tea",
        Kettle,
        [
            "Pour-Over Kettle|stainless steel",
            "Coffee Dripper|borosilicate glass",
            "Teapot|stoneware",
            "Coffee Grinder|stainless steel"
        ],
        ["stoneware", "stainless steel", "borosilicate glass"],
        ["for slow mornings", "for coffee by the cup", "for tea that needs time"],
        [
            "The gooseneck pours where you aim.",
            "Forty grind settings, from espresso to French press.",
            "The strainer catches even the finest leaves.",
            "It holds 600 ml and the heat for half an hour."
        ],
        18.0..159.0,
        One,
        3,
        Winter,
        ["Mugs"]
    ),
    shelf!(
        "Kitchen",
        "Mugs",
        Mug,
        ["Mug", "Espresso Cup Pair|porcelain", "Latte Bowl|stoneware", "Enamel Mug|enamelled steel"],
        ["stoneware", "porcelain", "enamelled steel"],
        ["for the first coffee", "for desks and campfires", "for guests who stay"],
        [
            "Each one is glazed by hand.",
            "It holds 350 ml, a proper amount.",
            "Safe in the dishwasher and the microwave.",
            "The handle takes three fingers."
        ],
        8.0..35.0,
        One,
        4,
        Always,
        ["Coffee & Tea"]
    ),
    shelf!(
        "Kitchen",
        "Bakeware",
        Cake,
        [
            "Loaf Tin|aluminised steel",
            "Pie Dish|stoneware",
            "Baking Sheet|aluminised steel",
            "Proofing Basket|rattan",
            "Mixing Bowl|stoneware"
        ],
        ["aluminised steel", "stoneware", "rattan"],
        ["for Sunday cakes", "for bread with big holes", "for pies and gratins"],
        [
            "Nothing sticks, and nothing has to be scratched off.",
            "It bakes evenly up to 250 degrees.",
            "The rolled rim keeps its shape.",
            "A recipe for rye bread is included."
        ],
        12.0..79.0,
        One,
        2,
        Winter,
        ["Cookware", "Cookbooks"]
    ),
    shelf!(
        "Books",
        "Novels",
        Book,
        ["Novel"],
        ["paper"],
        ["for long evenings"],
        ["A story that stays."],
        9.0..26.0,
        Bindings,
        1,
        Gifts,
        ["Crime", "Mugs"]
    ),
    shelf!(
        "Books",
        "Crime",
        Book,
        ["Crime Novel"],
        ["paper"],
        ["for sleepless nights"],
        ["A puzzle to the last page."],
        9.0..24.0,
        Bindings,
        1,
        Summer,
        ["Novels"]
    ),
    shelf!(
        "Books",
        "Cookbooks",
        Book,
        ["Cookbook"],
        ["paper"],
        ["for curious cooks"],
        ["Recipes that work."],
        16.0..42.0,
        Bindings,
        1,
        Gifts,
        ["Bakeware", "Cookware"]
    ),
    shelf!(
        "Books",
        "Travel",
        Book,
        ["Travel Book"],
        ["paper"],
        ["for restless readers"],
        ["Maps included."],
        12.0..34.0,
        Bindings,
        1,
        Spring,
        ["Backpacks"]
    ),
    shelf!(
        "Books",
        "Children's Books",
        Book,
        ["Picture Book"],
        ["paper"],
        ["for reading aloud"],
        ["Pictures to get lost in."],
        8.0..22.0,
        Bindings,
        1,
        Gifts,
        ["Soft Toys", "Puzzles"]
    ),
    shelf!(
        "Toys",
        "Building Sets",
        Blocks,
        ["Building Blocks|beech wood", "Marble Run", "Wooden Train Set|beech wood", "Magnetic Tiles|recycled plastic"],
        ["beech wood", "recycled plastic", "cork"],
        ["for small architects", "for rainy afternoons", "for children from three years"],
        [
            "All pieces fit those of the other sets.",
            "Rounded edges and paints that pass the chew test.",
            "The box is part of the game.",
            "It teaches patience, and how to clear up."
        ],
        19.0..129.0,
        One,
        2,
        Gifts,
        ["Puzzles"]
    ),
    shelf!(
        "Toys",
        "Puzzles",
        Puzzle,
        [
            "500-Piece Puzzle|recycled board",
            "Wooden Puzzle|birch plywood",
            "Floor Puzzle",
            "1000-Piece Puzzle|linen-finish board"
        ],
        ["recycled board", "birch plywood", "linen-finish board"],
        ["for the whole family", "for patient people", "for first puzzlers"],
        [
            "The pieces click and do not bend.",
            "An illustrator drew the picture for this set.",
            "A poster of the picture is included.",
            "Every piece has its own shape."
        ],
        11.0..49.0,
        One,
        2,
        Gifts,
        ["Board Games"]
    ),
    shelf!(
        "Toys",
        "Soft Toys",
        Bear,
        ["Teddy Bear", "Plush Fox", "Cuddly Rabbit", "Plush Whale"],
        ["organic cotton plush", "recycled fleece", "alpaca"],
        ["for hugging", "for the first years", "for night-time company"],
        [
            "It can be washed at 40 degrees, again and again.",
            "The eyes are embroidered, so nothing comes off.",
            "It sits by itself.",
            "A name tag waits to be filled in."
        ],
        12.0..59.0,
        One,
        3,
        Gifts,
        ["Children's Books"]
    ),
    shelf!(
        "Toys",
        "Board Games",
        Dice,
        ["Board Game", "Card Game", "Cooperative Game", "Dice Game"],
        ["linen-finish card", "wood and card", "recycled board"],
        ["for two to six players", "for evenings without screens", "for good losers"],
        [
            "The rules take five minutes and the game forty.",
            "No two rounds are the same.",
            "You win together or not at all.",
            "Small enough for the holiday bag."
        ],
        9.0..59.0,
        One,
        1,
        Gifts,
        ["Puzzles"]
    ),
    shelf!(
        "Clothing",
        "Jackets",
        Jacket,
        ["Rain Jacket", "Down Jacket|ripstop nylon", "Softshell Jacket", "Parka"],
        ["recycled polyester", "waxed cotton", "ripstop nylon"],
        ["for all kinds of weather", "for cold city mornings", "for days in the mountains"],
        [
            "The hood adjusts in three places and turns with your head.",
            "Taped seams keep the rain out all day.",
            "The pockets are where your hands look for them.",
            "A two-way zip lets off steam."
        ],
        59.0..349.0,
        Clothes,
        2,
        Winter,
        ["Knitwear", "Hiking Boots"]
    ),
    shelf!(
        "Clothing",
        "T-Shirts",
        Shirt,
        ["T-Shirt", "Long-Sleeve Shirt", "Merino T-Shirt|merino wool", "Striped T-Shirt"],
        ["organic cotton", "merino wool", "hemp and cotton"],
        ["for every day", "for travelling light", "for warm days"],
        [
            "The collar keeps its shape.",
            "The fabric is dense but never stiff.",
            "It does not smell, even on the third day.",
            "Cut straight, with a little room."
        ],
        15.0..79.0,
        Clothes,
        2,
        Summer,
        ["Trousers"]
    ),
    shelf!(
        "Clothing",
        "Knitwear",
        Jumper,
        ["Wool Jumper|lambswool", "Cardigan", "Roll-Neck Jumper", "Knitted Vest"],
        ["lambswool", "merino wool", "recycled cashmere"],
        ["for the cold half of the year", "for layering", "for Sundays"],
        [
            "Knitted in one piece, without seams that rub.",
            "The cuffs stay where you push them.",
            "It does not pill.",
            "Mending yarn is included."
        ],
        49.0..199.0,
        Clothes,
        2,
        Winter,
        ["Trousers", "Jackets"]
    ),
    shelf!(
        "Clothing",
        "Trousers",
        Trousers,
        [
            "Chinos|stretch cotton",
            "Hiking Trousers|stretch cotton",
            "Corduroy Trousers|corduroy",
            "Linen Trousers|linen"
        ],
        ["stretch cotton", "corduroy", "linen"],
        ["for work and what comes after", "for trails and trains", "for people who cycle"],
        [
            "The knees are shaped and the pockets deep.",
            "A bit of stretch makes room for movement.",
            "They dry within an hour.",
            "The hem can be let out by four centimetres."
        ],
        39.0..149.0,
        Clothes,
        2,
        Always,
        ["T-Shirts"]
    ),
    shelf!(
        "Shoes",
        "Hiking Boots",
        Boot,
        ["Hiking Boot", "Trekking Boot", "Approach Shoe", "Winter Boot"],
        ["nubuck leather", "suede and mesh", "full-grain leather"],
        ["for rocky paths", "for hut-to-hut tours", "for wet woods"],
        [
            "The sole grips on wet rock.",
            "The membrane keeps water out and lets sweat escape.",
            "They can be resoled.",
            "A wide toe box gives your feet room."
        ],
        79.0..289.0,
        Shoes,
        1,
        Spring,
        ["Backpacks", "Jackets"]
    ),
    shelf!(
        "Shoes",
        "Trainers",
        Shoe,
        ["Trainer", "Canvas Trainer|canvas", "Court Trainer", "Slip-On"],
        ["canvas", "vegetable-tanned leather", "recycled mesh"],
        ["for the city", "for all-day wear", "for travelling light"],
        [
            "The insole comes out and can be washed.",
            "No need to break them in.",
            "The sole is stitched, not glued.",
            "They weigh as little as an apple."
        ],
        45.0..169.0,
        Shoes,
        2,
        Spring,
        ["T-Shirts", "Running"]
    ),
    shelf!(
        "Shoes",
        "Sandals",
        Sandal,
        [
            "Leather Sandal|cork and leather",
            "Trekking Sandal|recycled webbing",
            "Cork Sandal|cork and leather",
            "Slide|rubber"
        ],
        ["cork and leather", "recycled webbing", "rubber"],
        ["for hot days", "for rivers and beaches", "for summer in town"],
        [
            "The footbed takes the shape of your foot.",
            "Three straps adjust to every instep.",
            "The sole does not slip on wet stone.",
            "They can get wet, and dry fast."
        ],
        29.0..129.0,
        Shoes,
        1,
        Summer,
        ["T-Shirts"]
    ),
    shelf!(
        "Garden",
        "Plant Pots",
        PlantPot,
        ["Plant Pot", "Hanging Planter", "Self-Watering Pot", "Balcony Box"],
        ["terracotta", "fibre stone", "recycled plastic"],
        ["for balconies", "for herbs on the sill", "for plants that grow fast"],
        [
            "A hole and a saucer keep roots from drowning.",
            "It withstands frost.",
            "The tank waters for two weeks.",
            "The rim makes it easy to move."
        ],
        8.0..79.0,
        One,
        3,
        Spring,
        ["Seeds", "Garden Tools"]
    ),
    shelf!(
        "Garden",
        "Garden Tools",
        Spade,
        ["Hand Trowel", "Secateurs", "Digging Spade|forged steel and ash", "Watering Can|galvanised steel"],
        ["forged steel and ash", "stainless steel", "galvanised steel"],
        ["for heavy soil", "for roses and hedges", "for small gardens"],
        [
            "The handle is oiled ash and fits the hand.",
            "It can be sharpened and taken apart.",
            "The blade goes in like into butter.",
            "It hangs on a leather loop."
        ],
        9.0..89.0,
        One,
        2,
        Spring,
        ["Seeds", "Plant Pots"]
    ),
    shelf!(
        "Garden",
        "Seeds",
        Seeds,
        ["Wildflower Seeds", "Tomato Seeds", "Herb Seed Set|cotton pouch", "Salad Seeds"],
        ["paper", "seed paper", "cotton pouch"],
        ["for bees and butterflies", "for the kitchen window", "for beginners"],
        [
            "The seeds are open-pollinated and untreated.",
            "Enough for four square metres.",
            "It germinates within ten days.",
            "A calendar tells when to sow."
        ],
        3.0..19.0,
        One,
        1,
        Spring,
        ["Plant Pots", "Garden Tools"]
    ),
    shelf!(
        "Garden",
        "Garden Furniture",
        Chair,
        ["Folding Chair|acacia wood", "Garden Bench", "Deck Chair", "Bistro Table"],
        ["acacia wood", "powder-coated steel", "teak"],
        ["for evenings outside", "for small terraces", "for reading in the shade"],
        [
            "It folds flat and hangs on the wall.",
            "The wood comes from certified forests.",
            "Rust has no chance.",
            "It carries 150 kg."
        ],
        39.0..299.0,
        One,
        3,
        Summer,
        ["Lanterns"]
    ),
    shelf!(
        "Sports",
        "Yoga",
        Mat,
        [
            "Yoga Mat|natural rubber",
            "Yoga Block Pair|cork",
            "Meditation Cushion|organic cotton",
            "Bolster|organic cotton"
        ],
        ["natural rubber", "cork", "organic cotton"],
        ["for daily practice", "for knees that complain", "for calm mornings"],
        [
            "It grips even when your hands are wet.",
            "Five millimetres are enough to be soft and firm.",
            "It does not smell of anything.",
            "A carrying strap is included."
        ],
        15.0..99.0,
        One,
        3,
        Winter,
        ["Water Bottles"]
    ),
    shelf!(
        "Sports",
        "Running",
        Shirt,
        ["Running Shirt", "Running Vest", "Reflective Gilet", "Running Tights|stretch fabric"],
        ["recycled mesh", "merino blend", "stretch fabric"],
        ["for the first and the thousandth kilometre", "for dark mornings", "for intervals"],
        [
            "Flat seams do not chafe.",
            "Reflective prints are seen from 150 metres.",
            "It dries while you run.",
            "A pocket holds keys and a card."
        ],
        25.0..119.0,
        Clothes,
        2,
        Spring,
        ["Water Bottles", "Trainers"]
    ),
    shelf!(
        "Sports",
        "Cycling",
        Wheel,
        [
            "Bike Light Set|aluminium",
            "Pannier Bag|recycled tarpaulin",
            "Bike Helmet|moulded foam",
            "Frame Pump|aluminium"
        ],
        ["aluminium", "recycled tarpaulin", "moulded foam"],
        ["for commuting by bike", "for tours", "for night rides"],
        [
            "It clicks on and off in a second.",
            "It is waterproof, not just water-resistant.",
            "It adjusts with one hand.",
            "The lamp runs for twenty hours."
        ],
        19.0..149.0,
        One,
        3,
        Spring,
        ["Water Bottles"]
    ),
    shelf!(
        "Electronics",
        "Headphones",
        Headphones,
        ["Wireless Headphones", "In-Ear Headphones", "Studio Headphones", "Noise-Cancelling Headphones"],
        ["aluminium and protein leather", "recycled plastic", "beech and steel"],
        ["for trains and open offices", "for people who listen closely", "for running and commuting"],
        [
            "The battery lasts thirty hours.",
            "The ear pads can be replaced without tools.",
            "Calls are clear, even in the wind.",
            "It connects to two devices at once."
        ],
        29.0..329.0,
        One,
        3,
        Gifts,
        ["Speakers", "Chargers"]
    ),
    shelf!(
        "Electronics",
        "Speakers",
        Speaker,
        ["Portable Speaker", "Bookshelf Speaker", "Shower Speaker", "Table Radio"],
        ["fabric and aluminium", "walnut veneer", "recycled plastic"],
        ["for kitchens and terraces", "for music in every room", "for picnics"],
        [
            "It sounds larger than it is.",
            "Rain and sand do it no harm.",
            "Two of them make a stereo pair.",
            "A real knob sets the volume."
        ],
        25.0..299.0,
        One,
        3,
        Gifts,
        ["Headphones"]
    ),
    shelf!(
        "Electronics",
        "Chargers",
        Plug,
        ["USB-C Charger", "Power Bank", "Wireless Charging Pad|cork and steel", "Travel Adapter"],
        ["recycled plastic", "aluminium", "cork and steel"],
        ["for phones and laptops", "for two days off the grid", "for bedside tables"],
        [
            "It charges a phone to half in thirty minutes.",
            "Three devices at once are no problem.",
            "It stays cool.",
            "The cable is braided and two metres long."
        ],
        12.0..89.0,
        One,
        2,
        Always,
        ["Headphones", "Keyboards"]
    ),
    shelf!(
        "Electronics",
        "Keyboards",
        Keyboard,
        ["Mechanical Keyboard", "Compact Keyboard", "Wireless Keyboard", "Number Pad"],
        ["aluminium", "recycled plastic", "walnut and steel"],
        ["for people who type all day", "for small desks", "for quiet offices"],
        [
            "The keys are quiet and have a clear point.",
            "Every switch can be swapped.",
            "One charge lasts three months.",
            "It pairs with three computers."
        ],
        35.0..199.0,
        One,
        2,
        Always,
        ["Chargers", "Notebooks"]
    ),
    shelf!(
        "Stationery",
        "Notebooks",
        Notebook,
        ["Dotted Notebook", "Sketchbook", "Weekly Planner", "Pocket Notebook"],
        ["recycled paper", "linen and paper", "stone paper"],
        ["for ideas and lists", "for sketching outdoors", "for the coming year"],
        [
            "It opens flat on every page.",
            "The paper takes a fountain pen without bleeding.",
            "Two ribbons and a pocket at the back.",
            "The pages are numbered."
        ],
        6.0..32.0,
        One,
        4,
        Gifts,
        ["Pens"]
    ),
    shelf!(
        "Stationery",
        "Pens",
        Pen,
        ["Fountain Pen", "Ballpoint Pen", "Brush Pen Set", "Mechanical Pencil"],
        ["brass", "anodised aluminium", "olive wood"],
        ["for letters", "for signatures that count", "for left-handers too"],
        [
            "It starts at once, even after weeks.",
            "Refills are easy to get.",
            "It is heavy enough to lead itself.",
            "The clip is made of spring steel."
        ],
        4.0..79.0,
        One,
        3,
        Always,
        ["Notebooks"]
    ),
    shelf!(
        "Beauty",
        "Soap",
        Soap,
        ["Hand Soap", "Soap Bar", "Shampoo Bar", "Body Wash"],
        ["olive oil", "sea salt and clay", "coconut oil"],
        ["for every skin", "for hands that work", "for travelling without bottles"],
        [
            "It smells of rosemary and lemon.",
            "It does not dry out the skin.",
            "The water runs clear and clean.",
            "One bar replaces two bottles."
        ],
        5.0..29.0,
        Volumes,
        1,
        Always,
        ["Skin Care"]
    ),
    shelf!(
        "Beauty",
        "Skin Care",
        Jar,
        ["Day Cream", "Hand Cream", "Face Oil", "Lip Balm"],
        ["shea butter", "jojoba oil", "oat milk"],
        ["for dry days", "for sensitive skin", "for winter"],
        [
            "It soaks in fast and leaves no film.",
            "Without scent and without colour.",
            "The jar comes back to us for refilling.",
            "A little goes a long way."
        ],
        6.0..59.0,
        One,
        1,
        Winter,
        ["Soap"]
    ),
    shelf!(
        "Pets",
        "Dog Beds & Bowls",
        Bowl,
        ["Dog Bed|recycled canvas", "Dog Bowl|stoneware", "Cat Basket|felted wool", "Dog Blanket|felted wool"],
        ["recycled canvas", "stoneware", "felted wool"],
        ["for good dogs", "for cats who choose", "for muddy paws"],
        [
            "The cover comes off and goes into the wash.",
            "It does not slide on smooth floors.",
            "Even diggers have not got through it.",
            "The filling keeps its shape."
        ],
        15.0..129.0,
        Pets,
        2,
        Always,
        ["Storage"]
    ),
];
