"""The same kinds of files with headers in German, French, Spanish, Portuguese, Italian and Dutch.

The values are made up. What a guess has to say of each is in ``tests/data/guesses.yaml``.
"""

from __future__ import annotations

from typing import Any

from draws import Draw

Columns = dict[str, Any]


def german_orders(d: Draw) -> Columns:
    return {
        "Kundennummer": d.repeated(60, 10_001),
        "Auftragsnummer": d.ids(77_001),
        "Bestelldatum": d.days("2024-01-01", 300, "%d.%m.%Y"),
        "Artikelnummer": d.whole(1, 90),
        "Warengruppe": d.of("Bücher", "Spiele", "Musik"),
        "Menge": d.whole(1, 6),
        "Einzelpreis": d.amount(9),
        "Betrag": d.amount(20),
        "Zahlungsart": d.of("Rechnung", "Lastschrift"),
    }


def german_customers(d: Draw) -> Columns:
    return {
        "Kunden-Nr": d.ids(10_001),
        "Anrede": d.of("Herr", "Frau"),
        "Nachname": d.numbered("Name", 300),
        "Geburtsdatum": d.days("1960-01-01", 9_000, "%d.%m.%Y"),
        "PLZ": d.whole(10_115, 99_998),
        "Ort": d.numbered("Stadt ", 120),
        "Alter": d.whole(18, 90),
        "Umsatz": d.amount(200),
        "AnzahlBestellungen": d.whole(1, 40),
        "Retouren": d.whole(0, 9),
        "Newsletter": d.of("ja", "nein"),
        "gekündigt": d.of("ja", "nein", p=[0.2, 0.8]),
    }


def french_orders(d: Draw) -> Columns:
    return {
        "id_client": d.repeated(60),
        "num_commande": d.ids(5_000),
        "date_commande": d.days(),
        "produit": d.numbered("Thé ", 60),
        "catégorie": d.of("Épicerie", "Boissons"),
        "quantité": d.whole(1, 6),
        "prix_unitaire": d.amount(4),
        "montant": d.amount(20),
        "ville": d.of("Lyon", "Lille", "Brest"),
    }


def french_customers(d: Draw) -> Columns:
    return {
        "numéro_client": d.ids(),
        "sexe": d.of("H", "F"),
        "âge": d.whole(18, 90),
        "code_postal": d.whole(1_000, 95_880),
        "nb_achats": d.whole(1, 40),
        "panier_moyen": d.amount(30),
        "dernier_achat": d.days(),
        "résilié": d.of("oui", "non", p=[0.2, 0.8]),
    }


def spanish_sales(d: Draw) -> Columns:
    return {
        "id_cliente": d.repeated(60),
        "id_pedido": d.ids(5_000),
        "fecha": d.days("2024-01-01", 300, "%d/%m/%Y"),
        "producto": d.numbered("Café ", 60),
        "categoría": d.of("Bebidas", "Dulces"),
        "cantidad": d.whole(1, 6),
        "precio": d.amount(4),
        "importe": d.amount(20),
        "provincia": d.of("Sevilla", "Lugo"),
    }


def spanish_customers(d: Draw) -> Columns:
    return {
        "cliente_id": d.ids(),
        "edad": d.whole(18, 90),
        "género": d.of("M", "H"),
        "ciudad": d.of("Madrid", "León"),
        "compras": d.whole(1, 40),
        "gasto_total": d.amount(100),
        "visitas_web": d.whole(0, 90),
        "abandono": d.of("sí", "no", p=[0.2, 0.8]),
    }


def portuguese_sales(d: Draw) -> Columns:
    return {
        "cliente_id": d.repeated(60),
        "pedido_id": d.ids(5_000),
        "data_compra": d.days(),
        "produto": d.numbered("Pão ", 60),
        "quantidade": d.whole(1, 6),
        "valor": d.amount(20),
        "cidade": d.of("Recife", "Porto"),
        "uf": d.of("PE", "SP"),
    }


def italian_orders(d: Draw) -> Columns:
    return {
        "codice_cliente": d.repeated(60, prefix="C"),
        "numero_ordine": d.ids(5_000),
        "data_ordine": d.days(),
        "prodotto": d.numbered("Pasta ", 60),
        "quantità": d.whole(1, 6),
        "prezzo_unitario": d.amount(4),
        "importo": d.amount(20),
    }


def italian_customers(d: Draw) -> Columns:
    return {
        "id_cliente": d.ids(),
        "sesso": d.of("M", "F"),
        "età": d.whole(18, 90),
        "provincia": d.of("Roma", "Bari"),
        "numero_ordini": d.whole(1, 40),
        "spesa_totale": d.amount(100),
        "abbandonato": d.of("sì", "no", p=[0.2, 0.8]),
    }


def dutch_orders(d: Draw) -> Columns:
    return {
        "klantnummer": d.repeated(60, 10_001),
        "ordernummer": d.ids(5_000),
        "besteldatum": d.days("2024-01-01", 300, "%d-%m-%Y"),
        "artikel": d.numbered("Kaas ", 60),
        "aantal": d.whole(1, 6),
        "bedrag": d.amount(20),
    }


def camel_case_orders(d: Draw) -> Columns:
    return {
        "custId": d.repeated(60),
        "ordNo": d.ids(5_000),
        "ordDt": d.days(),
        "prodCd": d.numbered("P", 60),
        "qty": d.whole(1, 6),
        "unitPrc": d.amount(4),
        "netAmt": d.amount(20),
    }
