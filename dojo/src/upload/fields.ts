/** The three data sets, and the names of what a shop keeps beside our fields. */

export type DataSet = 'products' | 'users' | 'interactions'
export const dataSets: DataSet[] = ['products', 'users', 'interactions']
export const setNames: Record<DataSet, string> = { products: 'Products', users: 'Users', interactions: 'Interactions' }

export const ownPrefix = 'custom_attributes.'

/** A column's name as an attribute of its own: `Made in` becomes `made_in`. */
export const attributeName = (column: string) => column.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '') || 'column'

/** What a field holds, in the words of a shop; a field that is not here is called by its own name. */
const meanings: Record<string, string> = {
  product_id: 'Product id',
  product_group_id: 'Id that variants share',
  parent_id: 'Id of what it is a part of',
  related_ids: 'Ids of related products',
  type: 'Kind',
  title: 'Title',
  subtitle: 'Subtitle',
  description: 'Description',
  short_description: 'Short description',
  language: 'Language',
  created_at: 'Made on',
  published_at: 'Published on',
  updated_at: 'Changed on',
  categories: 'Categories',
  tags: 'Tags',
  url: 'Address of its page',
  cover_image: 'Picture',
  original_price: 'Regular price',
  sale_price: 'Sale price',
  margin: 'Margin',
  size: 'Size',
  color: 'Colour',
  material: 'Material',
  condition: 'Condition',
  brand: 'Brand',
  authors: 'Authors',
  publishers: 'Publishers',
  collections: 'Collections',
  availability: 'In stock or not',
  location: 'Place',
  'location.lat': 'Place: latitude',
  'location.lon': 'Place: longitude',
  rating: 'Rating',
  html: 'Text with HTML',
  headers: 'Headings',
  paragraphs: 'Paragraphs',
  anchors: 'Texts of links',
  children: 'Parts',
  enable_question_answering: 'Answers questions',
  custom_attributes: 'Own attributes',
  user_id: 'Person: user id',
  anonymous_id: 'Person: anonymous id',
  name: 'Name',
  profile_image: 'Picture of the person',
  age: 'Age',
  gender: 'Gender',
  city: 'City',
  state: 'State',
  country: 'Country',
  group_id: 'Group of people',
  product_ids: 'Products, by their ids',
  product_group_ids: 'Products, by the ids that variants share',
  timestamp: 'When',
  miso_id: 'Answer that led to it',
  duration: 'Seconds spent',
  quantities: 'How many',
  revenue: 'Revenue',
  search: 'Search',
  'search.keywords': 'Words searched for',
  'search.filters': 'Filters of the search',
  category: 'Category looked at',
  custom_action_name: 'Name of an own kind',
  question_id: 'Question',
  result_type: 'Kind of result',
  value: 'Value',
  context: 'Context',
}

/** A field in words: `cover_image` is “Picture”; an attribute of the shop's own is called by its name. */
export function meaningOf(field: string, set: DataSet): string {
  if (field.startsWith(ownPrefix)) return `Own attribute “${field.slice(ownPrefix.length)}”`
  if (field === 'type' && set === 'interactions') return 'What was done'
  return meanings[field] ?? field
}
