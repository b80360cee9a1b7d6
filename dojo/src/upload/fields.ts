/** The fields of the three data sets, how others name them, and how their text is read. */

export type DataSet = 'products' | 'users' | 'interactions'
export const dataSets: DataSet[] = ['products', 'users', 'interactions']

export type Shape = 'text' | 'number' | 'integer' | 'list' | 'categories' | 'time' | 'availability' | 'type'

export interface Field {
  name: string
  shape: Shape
  required?: boolean
  /** Names that others give it: lower case, letters and digits only; the likelier first. */
  synonyms: string[]
}

const field = (name: string, shape: Shape, synonyms: string, required = false): Field => ({ name, shape, required, synonyms: [name.replaceAll('_', ''), ...synonyms.split(' ')].filter((one) => one !== '') })

export const fields: Record<DataSet, Field[]> = {
  products: [
    field('product_id', 'text', 'id itemid variantid sku variantsku productsku stockcode asin movieid bookid articleid articlenumber productcode handle code', true),
    field('title', 'text', 'name productname producttitle itemname headline'),
    field('description', 'text', 'productdescription longdescription desc overview summary bodyhtml body'),
    field('categories', 'categories', 'category categorypath productcategory googleproductcategory genres genre department'),
    field('brand', 'text', 'vendor manufacturer brandname maker'),
    field('tags', 'list', 'tag keywords labels'),
    field('sale_price', 'number', 'price variantprice currentprice unitprice amount'),
    field('original_price', 'number', 'compareatprice variantcompareatprice listprice msrp regularprice retailprice rrp'),
    field('cover_image', 'text', 'image imageurl imagesrc picture img thumbnail poster imagelink mainimage variantimage'),
    field('url', 'text', 'link producturl href permalink'),
    field('availability', 'availability', 'instock stockstatus stock'),
    field('product_group_id', 'text', 'groupid itemgroupid parentsku parentasin masterid'),
    field('type', 'text', 'producttype contenttype kind'),
    field('color', 'text', 'colour'),
    field('size', 'text', 'variantsize'),
    field('material', 'text', 'fabric'),
    field('authors', 'list', 'author writer creator'),
    field('rating', 'number', 'averagerating avgrating stars'),
    field('created_at', 'time', 'createddate dateadded creationdate'),
    field('published_at', 'time', 'publishdate publishedat releasedate date'),
    field('language', 'text', 'lang locale'),
  ],
  users: [
    field('user_id', 'text', 'id userid customerid visitorid memberid email', true),
    field('name', 'text', 'fullname username customername'),
    field('age', 'integer', ''),
    field('gender', 'text', 'sex'),
    field('city', 'text', 'town'),
    field('state', 'text', 'province region'),
    field('country', 'text', 'countrycode nation'),
    field('created_at', 'time', 'createdat signupdate registered registrationdate'),
    field('group_id', 'text', 'segment'),
    field('description', 'text', 'bio'),
  ],
  interactions: [
    field('product_ids', 'list', 'productid itemid sku stockcode movieid articleid contentid asin variantid item product', true),
    field('type', 'type', 'event eventtype eventname action interaction interactiontype activity'),
    field('user_id', 'text', 'userid customerid memberid user customer'),
    field('anonymous_id', 'text', 'anonymousid sessionid visitorid cookieid session clientid deviceid'),
    field('timestamp', 'time', 'time date datetime createdat eventtime invoicedate orderdate ts when'),
    field('rating', 'number', 'stars score'),
    field('quantities', 'number', 'quantity qty count amount'),
    field('revenue', 'number', 'total value price'),
    field('duration', 'number', 'seconds dwelltime'),
  ],
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** What is done with a column: fills a field, is kept as an attribute of its own, or is left out (`''`). */
export type Mapping = Record<string, string>
export const ownPrefix = 'custom_attributes.'

/** The likeliest field for each column. The likelier a name is for a field, the earlier it gets the column; each field once. */
export function guessMapping(set: DataSet, columns: string[]): Mapping {
  const mapping: Mapping = {}
  const taken = new Set<string>()
  const rank = Math.max(...fields[set].map((one) => one.synonyms.length))
  for (let place = 0; place < rank; place += 1) {
    for (const { name, synonyms } of fields[set]) {
      if (taken.has(name)) continue
      const column = columns.find((one) => mapping[one] === undefined && plain(one) === synonyms[place])
      if (column !== undefined) {
        mapping[column] = name
        taken.add(name)
      }
    }
  }
  for (const column of columns) mapping[column] ??= set === 'interactions' ? '' : `${ownPrefix}${attributeName(column)}`
  return mapping
}

/** A column's name as an attribute of its own: `Made in` becomes `made_in`. */
export const attributeName = (column: string) => column.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '') || 'column'

/** Which data set a file most likely holds, by its name and its columns. */
export function guessSet(name: string, columns: string[]): DataSet {
  const words = plain(name)
  if (/(interaction|event|rating|order|purchase|click|log|session)/.test(words)) return 'interactions'
  if (/(user|customer|member|people)/.test(words)) return 'users'
  if (/(product|item|catalog|movie|book|fashion|article)/.test(words)) return 'products'
  const has = (wanted: string[]) => columns.some((column) => wanted.includes(plain(column)))
  if (has(['timestamp', 'eventtype', 'event', 'sessionid']) || (has(['userid', 'customerid']) && has(['productid', 'itemid', 'movieid']))) return 'interactions'
  return has(['userid', 'customerid', 'email']) && !has(['title', 'price']) ? 'users' : 'products'
}
