// Autocompletes draw boxes of their own; these give them the names of the fields they stand for.
"use strict";

function nameAutocompletes() {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
        const drawn = select.nextElementSibling;
        const label = select.getAttribute("aria-label") || (select.labels[0] && select.labels[0].textContent.trim().replace(/:$/, ""));
        if (!label || !drawn || !drawn.classList.contains("select2")) continue;
        const chosen = select.multiple ? [] : Array.from(select.selectedOptions, option => option.textContent.trim());
        const name = [label, ...chosen].filter(Boolean).join(": ");
        for (const box of drawn.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
            box.removeAttribute("aria-labelledby");
            box.setAttribute("aria-label", name);
        }
        // A list may hold only list items, and this one holds a search box too.
        for (const box of drawn.querySelectorAll("ul.select2-selection__rendered > span")) box.setAttribute("role", "listitem");
    }
}

// They are drawn whenever they like, and drawn again for every row that is added.
document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(nameAutocompletes).observe(document.body, {childList: true, subtree: true});
    nameAutocompletes();
});

// Two people changed one box: the other's text is told beside it, and this puts it in.
function choose(select, values, labels) {
    for (const value of values) {
        // An autocomplete knows only the record it was drawn with.
        if (!Array.from(select.options).some(option => option.value === value)) select.add(new Option(labels[value] || value, value));
    }
    for (const option of select.options) option.selected = values.includes(option.value);
    if (window.django && window.django.jQuery) window.django.jQuery(select).trigger("change");
}

function fill(box, values, labels) {
    if (box.tagName === "SELECT") choose(box, values, labels);
    else if (["checkbox", "radio"].includes(box.type)) box.checked = values.includes(box.value);
    else box.value = values[0] || "";
}

function takeTheirs(button) {
    const labels = JSON.parse(button.dataset.labels);
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.theirs))) {
        const boxes = button.form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
        for (const box of boxes) fill(box, [].concat(value), labels);
        if (boxes[0]) boxes[0].focus();
    }
}

document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("button.take-theirs")) {
        button.hidden = false;
        button.addEventListener("click", () => takeTheirs(button));
    }
});

// Whoever types faster than the list comes would choose from the list before: Enter waits for the answer to what is typed.
const answers = new WeakMap();
let opened = null;

function watchAnswers(event) {
    const list = window.django.jQuery(event.target).data("select2");
    if (!answers.has(list)) list.on("results:all", ({query}) => answers.set(list, query.term || ""));
    answers.set(list, null);
    opened = list;
}

function waitForTheAnswer(event) {
    if (event.key !== "Enter" || !event.target.matches(".select2-search__field")) return;
    if (!opened || !opened.isOpen() || answers.get(opened) === event.target.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
}

document.addEventListener("DOMContentLoaded", () => {
    if (window.django && window.django.jQuery) window.django.jQuery(document).on("select2:open", watchAnswers);
    document.addEventListener("keydown", waitForTheAnswer, true);
});
