import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Card, Product } from '../api/types'
import { price } from '../format'
import { useEnvironment } from '../shell/environment'
import { Picture } from './Picture'

/** A product's name for people: its title, or its id where there is none. */
export const titleOf = (product: { title?: string | null; product_id: string }) => product.title || product.product_id
export const priceOf = (product: Product) => product.sale_price ?? product.original_price

/** A card that does something when it is pressed. */
function ProductButton({ product, onPress, note }: { product: Product; onPress: () => void; note?: ReactNode }) {
  return (
    <button type="button" className="card" onClick={onPress} data-product={product.product_id}>
      <ProductFace product={product} note={note} />
    </button>
  )
}

export function ProductFace({ product, note }: { product: Product; note?: ReactNode }) {
  const cost = priceOf(product)
  return (
    <>
      <Picture src={product.cover_image} className="card-picture" iconSize={34} />
      <span className="card-text">
        <span className="card-title">{titleOf(product)}</span>
        <span className="note">{[product.brand, cost === undefined ? undefined : price(cost)].filter(Boolean).join(' · ')}</span>
        {note}
      </span>
    </>
  )
}

interface CardsProps {
  products: Product[]
  press: (product: Product) => void
  /** What the list is called where no heading says it. */
  label?: string
  busy?: boolean
  note?: (product: Product) => ReactNode
}

/** Products side by side, each to be pressed. */
export function ProductCards({ products, press, label, busy, note }: CardsProps) {
  return (
    <ul className="cards" aria-busy={busy} aria-label={label}>
      {products.map((product) => (
        <li key={product.product_id}>
          <ProductButton product={product} onPress={() => press(product)} note={note?.(product)} />
        </li>
      ))}
    </ul>
  )
}

/** A list in order, one line each. */
export function RankedProducts({ products, figure }: { products: Card[]; figure: (card: Card) => ReactNode }) {
  const environment = useEnvironment()
  return (
    <div>
      {products.map((product, place) => (
        <Link
          key={product.product_id}
          className="rank-row"
          to="/$environment/data/products/$id"
          params={{ environment, id: product.product_id }}
        >
          <span className="note">{place + 1}</span>
          <Picture src={product.cover_image} className="small-picture" iconSize={16} />
          <span className="rank-title">{titleOf(product)}</span>
          <span className="rank-figure">{figure(product)}</span>
        </Link>
      ))}
    </div>
  )
}
