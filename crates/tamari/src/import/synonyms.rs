//! How other people name our fields: letters and digits only, in lower case. The likelier name comes first; a column goes
//! to the first field that wants it.

use super::fields::Kind;

const PRODUCTS: &[(&str, &[&str])] = &[
    ("product_id", &["productid", "itemid", "variantid", "id", "sku", "variantsku", "productsku", "stockcode", "asin", "movieid", "bookid", "isbn", "articleid", "articlenumber", "productcode", "itemcode", "partnumber", "contentid", "postid", "gtin", "handle", "slug", "code"]),
    ("product_group_id", &["productgroupid", "itemgroupid", "groupid", "parentasin", "parentsku", "masterid", "handle"]),
    ("parent_id", &["parentid", "parentproductid"]),
    ("title", &["title", "name", "productname", "producttitle", "itemname", "displayname", "productdisplayname", "itemtitle", "headline", "label"]),
    ("subtitle", &["subtitle", "tagline"]),
    ("description", &["description", "productdescription", "longdescription", "desc", "overview", "summary", "abstract", "text", "content"]),
    ("short_description", &["shortdescription", "shortdesc", "excerpt"]),
    ("html", &["html", "bodyhtml", "body", "contenthtml", "descriptionhtml"]),
    ("type", &["type", "producttype", "itemtype", "contenttype", "kind"]),
    ("categories", &["categories", "category", "categorypath", "productcategory", "googleproductcategory", "breadcrumb", "breadcrumbs", "genres", "genre", "department", "section", "maincategory"]),
    ("tags", &["tags", "tag", "keywords", "labels"]),
    ("brand", &["brand", "brandname", "vendor", "manufacturer", "maker", "label"]),
    ("authors", &["authors", "author", "by", "artist", "artists", "creator", "director"]),
    ("publishers", &["publishers", "publisher"]),
    ("collections", &["collections", "collection"]),
    ("original_price", &["originalprice", "listprice", "regularprice", "msrp", "retailprice", "compareatprice", "variantcompareatprice", "price", "unitprice", "variantprice"]),
    ("sale_price", &["saleprice", "discountedprice", "finalprice", "actualprice", "currentprice", "specialprice", "price", "unitprice", "variantprice"]),
    ("margin", &["margin"]),
    ("availability", &["availability", "instock", "stockstatus", "stock", "inventory", "inventoryqty", "isavailable", "available", "qtyinstock"]),
    ("condition", &["condition", "itemcondition"]),
    ("url", &["url", "link", "producturl", "permalink", "href", "itemurl", "canonicalurl"]),
    ("cover_image", &["coverimage", "image", "imageurl", "imagelink", "imagesrc", "thumbnail", "thumbnailurl", "picture", "img", "imgurl", "posterurl", "mainimage"]),
    ("rating", &["rating", "averagerating", "avgrating", "stars", "reviewscore", "voteaverage"]),
    ("size", &["size", "packagesize"]),
    ("color", &["color", "colour", "basecolour", "colorname"]),
    ("material", &["material", "fabric"]),
    ("language", &["language", "lang", "locale", "originallanguage"]),
    ("created_at", &["createdat", "created", "datecreated", "creationdate", "dateadded"]),
    ("published_at", &["publishedat", "published", "publicationdate", "publishdate", "releasedate", "pubdate"]),
    ("updated_at", &["updatedat", "updated", "modified", "lastmodified", "modifiedat"]),
    ("location", &["location", "latlon", "latlng", "coordinates", "geo"]),
    ("location.lat", &["lat", "latitude"]),
    ("location.lon", &["lon", "lng", "long", "longitude"]),
];

const USERS: &[(&str, &[&str])] = &[
    ("user_id", &["userid", "customerid", "id", "uid", "memberid", "accountid", "householdid", "clientid", "personid", "user", "customer"]),
    ("name", &["name", "fullname", "username", "displayname", "customername"]),
    ("age", &["age"]),
    ("gender", &["gender", "sex"]),
    ("city", &["city", "town"]),
    ("state", &["state", "province", "region"]),
    ("country", &["country", "countrycode"]),
    ("group_id", &["groupid", "segment", "segmentid"]),
    ("profile_image", &["profileimage", "avatar", "avatarurl", "picture"]),
    ("description", &["description", "bio", "about"]),
    ("created_at", &["createdat", "created", "signupdate", "registeredat", "registrationdate", "joined", "joindate"]),
    ("updated_at", &["updatedat", "updated", "modified"]),
];

const INTERACTIONS: &[(&str, &[&str])] = &[
    ("type", &["type", "eventtype", "event", "action", "interactiontype", "eventname", "behavior", "behaviortype", "interaction", "activity"]),
    ("user_id", &["userid", "customerid", "uid", "memberid", "accountid", "householdid", "clientid", "reviewerid", "personid", "user", "customer"]),
    ("anonymous_id", &["anonymousid", "visitorid", "sessionid", "deviceid", "cookieid", "guestid", "session", "visitor", "usersession"]),
    ("product_ids", &["productids", "productid", "itemid", "sku", "stockcode", "asin", "parentasin", "movieid", "bookid", "isbn", "articleid", "productcode", "itemcode", "contentid", "postid", "trackid", "songid", "product", "item", "items", "products"]),
    ("product_group_ids", &["productgroupids", "productgroupid"]),
    ("timestamp", &["timestamp", "eventtime", "time", "datetime", "ts", "date", "createdat", "created", "invoicedate", "orderdate", "purchasedate", "transactiontimestamp", "transactiondate", "unixreviewtime", "reviewtime", "occurredat", "at", "eventtimestamp"]),
    ("rating", &["rating", "stars", "score", "overall", "ratingscore"]),
    ("quantities", &["quantities", "quantity", "qty", "units"]),
    ("revenue", &["revenue", "salesvalue", "total", "totalprice", "linetotal", "amount", "totalamount"]),
    ("duration", &["duration", "dwelltime", "timespent", "secondsspent"]),
    ("search.keywords", &["searchkeywords", "query", "searchterm", "searchquery", "keywords", "keyword"]),
    ("miso_id", &["misoid"]),
    ("category", &["category", "categorypath"]),
    ("custom_action_name", &["customactionname"]),
    ("value", &["value"]),
];

/// What other people call a type of interaction.
pub(super) const INTERACTION_TYPES: &[(&str, &str)] = &[
    ("view", "product_detail_page_view"),
    ("views", "product_detail_page_view"),
    ("pageview", "product_detail_page_view"),
    ("page_view", "product_detail_page_view"),
    ("pv", "product_detail_page_view"),
    ("detail", "product_detail_page_view"),
    ("view_item", "product_detail_page_view"),
    ("product_view", "product_detail_page_view"),
    ("product_viewed", "product_detail_page_view"),
    ("Product Viewed", "product_detail_page_view"),
    ("clicks", "click"),
    ("cart", "add_to_cart"),
    ("addtocart", "add_to_cart"),
    ("add-to-cart", "add_to_cart"),
    ("product_added", "add_to_cart"),
    ("Product Added", "add_to_cart"),
    ("basket", "add_to_cart"),
    ("add_to_basket", "add_to_cart"),
    ("removefromcart", "remove_from_cart"),
    ("purchase", "checkout"),
    ("purchased", "checkout"),
    ("transaction", "checkout"),
    ("buy", "checkout"),
    ("order", "checkout"),
    ("orders", "checkout"),
    ("Order Completed", "checkout"),
    ("return", "refund"),
    ("fav", "add_to_collection"),
    ("favorite", "add_to_collection"),
    ("wishlist", "add_to_collection"),
    ("add_to_wishlist", "add_to_collection"),
    ("rating", "rate"),
    ("review", "rate"),
    ("play", "listen"),
    ("stream", "listen"),
];

/// The fields of this kind that can be guessed, and the names they go by.
pub(super) fn of(kind: Kind) -> &'static [(&'static str, &'static [&'static str])] {
    match kind {
        Kind::Products => PRODUCTS,
        Kind::Users => USERS,
        Kind::Interactions => INTERACTIONS,
    }
}

/// A column's name, as the tables have it.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
}
