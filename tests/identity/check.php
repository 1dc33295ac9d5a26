<?php

require 'visitor.php';

// Objects stay objects, so that {} and [] differ; `data` itself is an array, as one writes it in PHP.
$vectors = json_decode(file_get_contents('vectors.json'), flags: JSON_THROW_ON_ERROR)->vectors;
$answers = [];
foreach ($vectors as $vector) {
    putenv("FLUENTBOT_IDENTITY_SECRET=$vector->secret");
    $visitor = [$vector->name, $vector->email, $vector->data === null ? null : (array) $vector->data];
    $answers[] = ['text' => visitor_text(...$visitor), 'signature' => sign_visitor(...$visitor)];
}

putenv('FLUENTBOT_IDENTITY_SECRET');
try {
    sign_visitor('', '');
    $signsWithoutSecret = true;
} catch (Throwable) {
    $signsWithoutSecret = false;
}
echo json_encode(['answers' => $answers, 'signs_without_secret' => $signsWithoutSecret], JSON_THROW_ON_ERROR);
