/** The three data sets, and the names of what a shop keeps beside our fields. */

export type DataSet = 'products' | 'users' | 'interactions'
export const dataSets: DataSet[] = ['products', 'users', 'interactions']
export const setNames: Record<DataSet, string> = { products: 'Products', users: 'Users', interactions: 'Interactions' }

export const ownPrefix = 'custom_attributes.'

/** A column's name as an attribute of its own: `Made in` becomes `made_in`. */
export const attributeName = (column: string) => column.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '') || 'column'
